"""The budget's areas of activity (verksamhetsområden): one list for the application, the evaluation and repayment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Area(TextChoices):
    """An area of activity. The city's budget is adjusted by area, so a saving always names one."""

    FAMILY = "family", _("Individ- och familjeomsorg")
    SUPPORT = "support", _("Ekonomiskt bistånd")
    LABOUR = "labour", _("Arbetsmarknadsåtgärder")
    ELDERLY = "elderly", _("Äldreomsorg")
    DISABILITY = "disability", _("Stöd och service till personer med funktionsnedsättning")
    PSYCHIATRY = "psychiatry", _("Socialpsykiatri")
    PRESCHOOL = "preschool", _("Förskoleverksamhet")
    SCHOOL = "school", _("Grundskola och gymnasieskola")
    ADULT = "adult", _("Vuxenutbildning")
    LEISURE = "leisure", _("Kultur, fritid och idrott")
    ENVIRONMENT = "environment", _("Stadsmiljö")
    ADMINISTRATION = "admin", _("Nämnd- och förvaltningsadministration")
    OTHER = "other", _("Övrig verksamhet")
