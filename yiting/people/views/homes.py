"""Homes that wait to be confirmed, for those who work where they lie."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiting.people.actors import Actor
from yiting.people.errors import HomeChanged, HomeMissing, PeopleRefused
from yiting.people.models import Person
from yiting.people.queries import get_home_waiting, list_homes_waiting
from yiting.people.services import PersonalData, home_confirm, home_refuse, personal_read_many
from yiting.places import access, clock


@access.staff
@require_safe
def homes(request: HttpRequest) -> HttpResponse:
    """The homes that wait; that the names were looked at is noted."""
    by = _actor(request)
    if not by.work_paths:
        raise HomeMissing
    rows = list_homes_waiting(by)
    read: dict[int, PersonalData] = {}
    for path in {row.place_path for row in rows}:
        persons = [row.person for row in rows if row.place_path == path]
        read |= personal_read_many(
            by=by, persons=persons, purpose=_("to confirm where you live"), at=clock.now(), place_path=path
        )
    response = render(request, "people/homes.html", {"rows": [(row, read[row.person.pk]) for row in rows]})
    response["Cache-Control"] = "no-store"
    return response


@access.staff
@require_POST
def answer(request: HttpRequest, person_id: int) -> HttpResponse:
    """Confirm a home, or say that they do not live there."""
    by = _actor(request)
    person = get_home_waiting(by, person_id)
    try:
        if person.household is None or str(person.household.pk) != request.POST.get("household"):
            raise HomeChanged
        _answer(request, by, person)
    except PeopleRefused as refusal:
        if refusal.status == HomeMissing.status:
            raise
        messages.error(request, str(refusal.message))
    return redirect("people:homes")


def _answer(request: HttpRequest, by: Actor, person: Person) -> None:
    assert person.household is not None
    act = home_confirm if request.POST.get("answer") == "yes" else home_refuse
    act(by=by, person=person, household=person.household, at=clock.now())
    done = _("Confirmed.") if act is home_confirm else _("Noted: not found to live there. They may say it anew.")
    messages.success(request, done)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the web module's middleware
    return actor
