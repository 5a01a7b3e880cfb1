"""The page 'mine': what is kept about the reader, changed, taken along or erased by themself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiting.people.actors import Actor
from yiting.people.errors import PeopleRefused
from yiting.people.forms.own import HomeForm, OwnForm
from yiting.people.models import Account
from yiting.people.queries import building_named, estate_options, get_actor, get_own_page, get_own_person
from yiting.people.services import (
    account_erase,
    account_update,
    home_tell,
    person_erase,
    person_export,
    person_identify,
    personal_update,
)
from yiting.places import access, clock
from yiting.places.fields import offer

_JSON_STYLE = {"ensure_ascii": False, "indent": 2}


@access.signed_in
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show what is kept about the reader, and take what they change."""
    account, at = _account(request), clock.now()
    if request.method == "GET":
        return _page(request)
    form = OwnForm(request.POST)
    if form.is_valid():
        by = _actor(request)
        changed = form.cleaned_data
        account_update(by=by, account=account, public_name=changed["public_name"], language=changed["language"])
        if changed["name"] != get_own_page(account, at).name:
            person = person_identify(by=by, source="account", account=account, at=at)
            personal_update(by=get_actor(account, at), person=person, name=changed["name"], at=at)
        response = redirect("people:me")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, changed["language"], samesite="Lax")
        with translation.override(changed["language"]):
            messages.success(request, _("Kept."))
        return response
    return _page(request, form=form, status=422)


@access.signed_in
@require_POST
def home(request: HttpRequest) -> HttpResponse:
    """Say where one lives."""
    account, at = _account(request), clock.now()
    form = _home_form(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            place, front = building_named(given["estate"], given["building"])
            person = person_identify(by=_actor(request), source="account", account=account, at=at)
            door = f"{front} {given['door']}"
            home_tell(by=get_actor(account, at), person=person, place=place, door=door, at=at)
        except PeopleRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(
                request, _("Kept. Somebody of the community confirms it; then you vote as who lives there.")
            )
            return redirect("people:me")
    return _page(request, home_form=form, status=422)


@access.signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Hand over the copy of everything kept about the reader."""
    by = _actor(request)
    person = get_own_person(by)
    if person is None:
        copy = {"person": None, "account": {"username": _account(request).username}}
    else:
        copy = person_export(by=by, person=person, at=clock.now())
    response = JsonResponse(copy, json_dumps_params=_JSON_STYLE)
    response["Content-Disposition"] = 'attachment; filename="yiting-my-data.json"'
    response["Cache-Control"] = "no-store"
    return response


@access.signed_in
@require_GET
def erase_ask(request: HttpRequest) -> HttpResponse:
    """Say what erasing means before it is done."""
    by = _actor(request)
    return render(request, "people/erase.html", {"at_work": by.is_staff})


@access.signed_in
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the reader: those who work here keep their account, others are signed out for good."""
    by, at = _actor(request), clock.now()
    if by.is_staff:
        person = get_own_person(by)
        if person is not None:
            person_erase(by=by, person=person, at=at)
        messages.success(request, _("Your personal data is gone. Your account for work stays."))
        return redirect("people:me")
    account_erase(by=by, account=_account(request), at=at)
    logout(request)
    messages.success(request, _("Your data is gone, and you are signed out. What you said stays, without you."))
    return HttpResponseRedirect("/")


def _page(
    request: HttpRequest, *, form: OwnForm | None = None, home_form: HomeForm | None = None, status: int = 200
) -> HttpResponse:
    account = _account(request)
    page = get_own_page(account, clock.now())
    start = {"public_name": account.public_name, "name": page.name, "language": account.language}
    context = {
        "own": page,
        "form": form or OwnForm(initial=start),
        "home_form": home_form or _home_form(),
        "works": bool(_actor(request).work_paths),
    }
    return render(request, "people/me.html", context, status=status)


def _home_form(data: Any = None) -> HomeForm:
    form = HomeForm(data, auto_id="home_%s")
    offer(form, "estate", estate_options())
    return form


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the web module's middleware
    return actor


def _account(request: HttpRequest) -> Account:
    account = request.user
    if not isinstance(account, Account):
        raise TypeError("the access mark lets nobody in without an account")
    return account
