"""The administrator's pages: accounts, roles, organisations and tokens of the places they administer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiting.people import queries
from yiting.people.actors import Actor
from yiting.people.errors import PeopleRefused
from yiting.people.forms.desk import OrganisationForm, PasswordForm, RoleTermForm, StaffForm, TokenForm
from yiting.people.services import (
    account_password_set,
    organisation_add,
    organisation_close,
    organisation_reopen,
    role_end,
    role_grant,
    staff_create,
    token_issue,
    token_revoke,
)
from yiting.places import access, clock

PAGE_SIZE = 50


@access.admin
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that work in the administrator's places."""
    text = request.GET.get("q", "").strip()[:60]
    found = queries.AccountList(by=_actor(request), text=text, at=clock.now())
    page: Page[queries.AccountRow] = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "people/accounts.html", {"pager": page, "text": text, "desk": "accounts"})


@access.admin
@require_http_methods(["GET", "POST"])
def account_add(request: HttpRequest) -> HttpResponse:
    """Make an account for somebody who works here."""
    by = _actor(request)
    form = StaffForm(request.POST or None, **_options(by))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            account = staff_create(
                by=by,
                username=given["username"],
                password=given["password"],
                public_name=given["public_name"],
                phone=given["phone"] or None,
                kind=given["kind"],
                organisation=queries.get_organisation(by, given["organisation"]),
                place=queries.get_place(by, given["place"]),
                at=clock.now(),
            )
        except PeopleRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The account is made. Hand the name and first password over in person."))
            return redirect("people:account", account.pk)
    return _form_page(request, "people/account_add.html", {"form": form, "desk": "accounts"}, form)


@access.admin
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: its roles here, a new role, a new password."""
    by, at = _actor(request), clock.now()
    found = queries.get_account(by, account_id)
    form = RoleTermForm(request.POST or None, **_options(by))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            role_grant(
                by=by,
                account=found,
                kind=given["kind"],
                organisation=queries.get_organisation(by, given["organisation"]),
                place=queries.get_place(by, given["place"]),
                since_on=given["since_on"],
                until_on=given["until_on"],
                at=at,
            )
        except PeopleRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The role is given."))
            return redirect("people:account", found.pk)
    context = {
        "account": found,
        "roles": queries.list_roles(found, by),
        "today": queries.local_day(at),
        "form": form,
        "password_form": PasswordForm(),
        "desk": "accounts",
    }
    return _form_page(request, "people/account.html", context, form)


@access.admin
@require_POST
def account_password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give somebody a new password."""
    by = _actor(request)
    found = queries.get_account(by, account_id)
    form = PasswordForm(request.POST)
    if form.is_valid():
        account_password_set(by=by, account=found, password=form.cleaned_data["password"])
        messages.success(request, _("The new password holds from now on. Hand it over in person."))
    return redirect("people:account", found.pk)


@access.admin
@require_POST
def role_stop(request: HttpRequest, role_id: int) -> HttpResponse:
    """End a role today."""
    by = _actor(request)
    role = role_end(by=by, role=queries.get_role(by, role_id), at=clock.now())
    messages.success(request, _("The role is ended."))
    return redirect("people:account", role.account_id)


@access.admin
@require_http_methods(["GET", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations of the administrator's places, and a form for one more."""
    by = _actor(request)
    form = OrganisationForm(request.POST or None, **_options(by))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            organisation_add(
                by=by,
                kind=given["kind"],
                name=given["name"],
                place=queries.get_place(by, given["place"]),
                parent=queries.get_organisation(by, given["parent"]) if given["parent"] else None,
            )
        except PeopleRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The organisation is added."))
            return redirect("people:organisations")
    context = {"organisations": queries.list_own_organisations(by), "form": form, "desk": "organisations"}
    return _form_page(request, "people/organisations.html", context, form)


@access.admin
@require_POST
def organisation_rest(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Let an organisation rest, or work again."""
    by = _actor(request)
    found = queries.get_organisation(by, organisation_id)
    if found.active:
        organisation_close(by=by, organisation=found)
        messages.success(request, _("The organisation rests; its roles give nothing until it works again."))
    else:
        organisation_reopen(by=by, organisation=found)
        messages.success(request, _("The organisation works again."))
    return redirect("people:organisations")


@access.admin
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The API tokens of the administrator's organisations; a new one is shown once, in the answer."""
    by, at = _actor(request), clock.now()
    form = TokenForm(request.POST or None, organisations=queries.organisation_options(by))
    plain = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _token, plain = token_issue(
                by=by,
                organisation=queries.get_organisation(by, given["organisation"]),
                label=given["label"],
                scopes=given["scopes"],
                at=at,
            )
        except PeopleRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            form = TokenForm(organisations=queries.organisation_options(by))
    context = {"tokens": queries.list_tokens(by), "form": form, "plain": plain, "desk": "tokens"}
    response = _form_page(request, "people/tokens.html", context, form)
    if plain:
        response["Cache-Control"] = "no-store"
    return response


@access.admin
@require_POST
def token_stop(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke a token."""
    by = _actor(request)
    token_revoke(by=by, token=queries.get_token(by, token_id), at=clock.now())
    messages.success(request, _("The token is revoked. Programs that use it are turned away from now on."))
    return redirect("people:tokens")


def _form_page(request: HttpRequest, template: str, context: dict[str, Any], form: Form) -> HttpResponse:
    return render(request, template, context, status=422 if form.errors else 200)


def _options(by: Actor) -> dict[str, Any]:
    return {"organisations": queries.organisation_options(by), "places": queries.place_options(by)}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the web module's middleware
    return actor
