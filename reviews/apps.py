"""The phase as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fundportal import particulars


class ReviewsConfig(AppConfig):
    """Rådet, remiss och utvärdering."""

    name = "reviews"
    verbose_name = "Rådet, remiss och utvärdering"

    def ready(self) -> None:
        """Tell the kernel what is due here, and how the phase's particulars are read in the history."""
        from fundportal import reminders  # noqa: PLC0415 -- app ready
        from reviews import models  # noqa: PLC0415 -- app ready

        reminders.SOURCES.append("reviews.needs.remiss_answers")
        particulars.PEOPLE.add("present")
        particulars.HIDDEN.update(("papers", "remiss"))
        particulars.CHOICES.update(
            verdict=dict(models.Verdict.choices),
            standpoint=dict(models.AnswerStandpoint.choices),
            form=dict(models.AnswerForm.choices),
        )
        particulars.LABELS.update(
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
            verdict=_("Ställningstagande"),
        )
