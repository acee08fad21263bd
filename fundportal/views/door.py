"""The door to a case: every page of a case comes in here."""

from collections.abc import Set
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from fundportal.models import Case, Jav, User
from fundportal.process import Role


def person(request: HttpRequest) -> User:
    """Who is logged in. Every page but the few open ones is closed by the middleware."""
    return cast(User, request.user)


def holder(request: HttpRequest, roles: Set[Role], why: str) -> User:
    """Who is logged in, if she holds one of these roles for the whole city; if not, 403 with `why`."""
    user = person(request)
    if not user.grants.everywhere & roles:
        raise PermissionDenied(why)
    return user


def open_case(request: HttpRequest, number: str) -> Case:
    """The case, if the person may see it. A stranger gets the same 404 for a foreign case as for none.

    Whoever has declared jäv knows that the case exists, and is told in words why it is closed to her.
    """
    user = person(request)
    cases = Case.objects.select_related("fund", "round", "owner", "officer")
    if "\x00" in number:  # no text in the database holds it
        raise Http404
    if case := cases.visible_to(user).filter(number=number).first():
        case.__dict__["_jav"] = {user.pk: False}  # what is visible is without jäv: flow need not ask again
        return case
    if Jav.objects.standing().filter(case__number=number, user=user).exists():
        raise PermissionDenied(_("Du har anmält jäv i ärendet och får varken läsa det eller delta i det."))
    raise Http404
