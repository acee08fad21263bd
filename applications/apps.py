"""The phase as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """Idé, ansökan, beredning, beslut och genomförande."""

    name = "applications"
    verbose_name = "Idé, ansökan, beredning, beslut och genomförande"

    def ready(self) -> None:
        """Hang the phase's page on the administration, and name its events in the house's history."""
        from fundportal import hooks, house, particulars, plans, reminders  # noqa: PLC0415 -- models are not ready
        from fundportal.process import Role  # noqa: PLC0415 -- same

        reminders.SOURCES.append("applications.needs.due")
        hooks.CLOSING.append("applications.needs.closing.points")
        hooks.DEADLINES.append("applications.needs.own_last_days")
        hooks.GLANCES.append("applications.views.portfolio.at_a_glance")
        plans.SOURCE.append("applications.sheets.planned.plan_of")
        particulars.HIDDEN.update(("task", "minutes"))
        particulars.LABELS.update(
            agenda=_("Dagordning"),
            also_present=_("Andra närvarande"),
            baseline=_("Utgångsvärde"),
            decisions=_("Beslut"),
            held=_("Mötet hölls"),
            last_day=_("Sista dag"),
            missing=_("Kan inte mätas, därför att"),
            tasks=_("Åtgärder"),
            target_year=_("Målår"),
            unit=_("Enhet"),
            what=_("Vad som ska göras"),
        )
        house.PLACES.append(
            house.Place(
                "portfolio",
                _("Projektens läge"),
                _("Alla projekt som pågår på en sida: tid, ekonomi och effekt, pengar, prognos och rapporter."),
                frozenset({Role.DIRECTOR, Role.OFFICER, Role.CONTROLLER, Role.AUDITOR}),
                "Table",
            )
        )
        from fundportal import funds as money  # noqa: PLC0415 -- same

        money.LABELS["make_payment_file"] = _("Skapa betalningsfil")
        money.LABELS["import_vouchers"] = _("Läs in verifikationer")
        house.PLACES.append(
            house.Place(
                "payments",
                _("Utbetalningar"),
                _("Godkända rekvisitioner, betalningsfiler till ekonomisystemet och inläsning av verifikationer."),
                frozenset({Role.CONTROLLER, Role.AUDITOR}),
                "BankNote",
            )
        )
        house.LABELS["grant_respite"] = _("Anstånd medgavs i en omgång")
        house.PLACES.append(
            house.Place(
                "respites",
                _("Anstånd"),
                _("Nämnder som har fått en senare sista dag för sina idéskisser, vem som beslutade det och varför."),
                frozenset({Role.OFFICER, Role.DIRECTOR, Role.AUDITOR}),
                "Calendar",
            )
        )
