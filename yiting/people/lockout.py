"""What the lockout of django-axes counts by: the account meant, never a telephone number in the clear."""

from collections.abc import Mapping

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiting.people import cipher
from yiting.people.phones import is_phone, normal_phone
from yiting.people.queries import get_account_by_phone

_LENGTH = 32


def lockout_name(request: HttpRequest | None, credentials: Mapping[str, object] | None) -> str:
    """The name failures are counted under: that of the account, or a keyed hash of a number nobody has.

    A worker's name and number lead to the same count, so that taking turns gains nothing.
    """
    credentials = credentials or {}
    typed = str(
        credentials.get("username") or credentials.get("phone") or (request and request.POST.get("login")) or ""
    )
    if not is_phone(typed):
        return cipher.normalised(typed)[:60]
    account = get_account_by_phone(typed)
    if account is not None:
        return cipher.normalised(account.username)[:60]
    return "phone:" + cipher.blind_index("phone", normal_phone(typed))[:_LENGTH]


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: object) -> HttpResponse:
    """The page for somebody who tried too often: what happened, how long it lasts, what to do."""
    return render(request, "people/locked.html", status=429)


def client_address(request: HttpRequest) -> str:
    """The caller's address as django-allauth sees it, so that both count by the same one."""
    return str(get_adapter(request).get_client_ip(request))
