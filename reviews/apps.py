"""The phase as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fundportal import particulars

HOUSE = {
    "seat_member": _("Ett uppdrag i rådet infördes"),
    "unseat_member": _("Ett uppdrag i rådet avslutades"),
    "plan_meeting": _("Ett sammanträde planerades"),
    "change_meeting": _("Ett sammanträde ändrades"),
    "cancel_meeting": _("Ett sammanträde ställdes in"),
    "add_item": _("En punkt lades till dagordningen"),
    "arrange_item": _("Dagordningen ändrades"),
    "call_meeting": _("Rådet kallades"),
    "minute_meeting": _("Närvaro och anteckningar skrevs"),
    "put_minutes_forward": _("Protokollet lades fram för justering"),
    "adjust_minutes": _("Protokollet justerades"),
    "council_minutes": _("Rådets protokoll justerades"),
    "reword_criteria": _("Kriterierna för en omgång ändrades"),
}


class ReviewsConfig(AppConfig):
    """Rådet, remiss och utvärdering."""

    name = "reviews"
    verbose_name = "Rådet, remiss och utvärdering"

    def ready(self) -> None:
        """Tell the kernel what is due here, and how the phase's particulars are read in the history."""
        from fundportal import flow, hooks, house, notices, reminders, ties  # noqa: PLC0415 -- app ready
        from fundportal.process import Role  # noqa: PLC0415 -- app ready
        from reviews import models  # noqa: PLC0415 -- app ready

        reminders.SOURCES.extend(
            ("reviews.needs.remiss_answers", "reviews.needs.conditions", "reviews.needs.unjudged_ties")
        )
        flow.FOLLOWERS.setdefault("send_to_council", []).append("reviews.actions.meetings.put_on_agenda")
        ties.SOURCES.append("reviews.needs.seats.on_boards")
        house.LABELS.update(HOUSE)
        house.PLACES.append(
            house.Place(
                "council",
                _("Rådet"),
                _("Sammanträden, ledamöter och omgångarnas kriterier."),
                frozenset({Role.ADMINISTRATOR, Role.OFFICER, Role.COUNCIL, Role.DIRECTOR, Role.AUDITOR}),
                "PersonGroup",
            )
        )
        hooks.MEETINGS.append("reviews.needs.planned_meetings")
        hooks.DEADLINES.append("reviews.needs.own_last_days")
        hooks.CLOSING.append("reviews.needs.closing.points")
        hooks.SUGGESTIONS["opinion/beredning/remiss"] = "reviews.needs.paragraph"
        notices.FILLS["remiss_link"] = "reviews.models.remiss_way_in"
        particulars.PEOPLE.update(("present", "adjuster"))
        particulars.HIDDEN.update(("papers", "remiss", "reservation_files", "condition", "sha256", "meeting_id"))
        particulars.CHOICES.update(
            verdict=dict(models.Verdict.choices),
            standpoint=dict(models.AnswerStandpoint.choices),
            form=dict(models.AnswerForm.choices),
        )
        particulars.LABELS.update(
            answers=_("Svar på frågorna"),
            absences=_("Deltog inte i en punkt"),
            adjuster=_("Justerare"),
            attendance=_("Närvaro"),
            before=_("Ska vara uppfyllt innan"),
            begins=_("Klockan"),
            case=_("Ärende"),
            code=_("Kod"),
            condition=_("Villkor"),
            left_at=_("Lämnade kl."),
            back_at=_("Åter kl."),
            gate=_("Grindkriterium"),
            guidance=_("Vägledning"),
            held_on=_("Sammanträdesdag"),
            how=_("Ändring"),
            manner=_("Form"),
            meeting=_("Sammanträde"),
            met_by=_("Uppfyllt av"),
            met_on=_("Uppfyllt"),
            place=_("Plats"),
            presence=_("Närvaro"),
            proof=_("Vad som visar det"),
            reservations=_("Reservationer"),
            seat=_("Uppdrag"),
            why=_("Orsak"),
            comments=_("Synpunkter"),
            due_on=_("Sista dag"),
            email=_("E-post"),
            failed=_("Kriterier som inte uppfylls"),
            form=_("Svarsform"),
            gate_reasons=_("Motivering till avvikelse från grindkriterier"),
            immediate=_("Omedelbart justerad"),
            letter=_("Följebrev"),
            name=_("Namn"),
            organisation=_("Remissinstans"),
            organisations=_("Andra organisationer"),
            outside=_("Andra organisationer"),
            present=_("Närvarande ledamöter"),
            questions=_("Frågor"),
            received_on=_("Inkom"),
            reservation=_("Reservation eller särskilt uttalande"),
            scoring=_("Bedömningens sigill"),
            standpoint=_("Ståndpunkt"),
            text=_("Text"),
            until=_("Anstånd till"),
            no=_("Nummer"),
            verdict=_("Ställningstagande"),
        )
