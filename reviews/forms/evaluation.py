"""The form of handing in the evaluation: nothing is typed, it is all in the sheet."""

from django.utils.translation import gettext_lazy

from fundportal.forms import ActionForm


class SubmitEvaluation(ActionForm):
    """Hands in what the sheet holds."""

    intro = gettext_lazy(
        "Utvärderingen lämnas in som den är skriven nu. Den blir en handling i ärendet och underlag för "
        "återföringsplanen, och kan inte ändras efteråt."
    )
