"""How an act is done: one form, one service, and back to its page with what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from yiting.places.errors import Refused

NOT_THERE = 404
NOT_FIT = 422
# Shows the page again, with the form as it was filled in and what was refused.
Again = Callable[..., HttpResponse]

post_or_look = require_http_methods(["GET", "HEAD", "POST"])


def do(
    request: HttpRequest,
    again: Again,
    back: str,
    change: Callable[[], object],
    *,
    form: Any = None,
    name: str = "",
    done: str,
) -> HttpResponse:
    """Do it and go `back`; what does not fit, or was refused, is said beside its form."""
    if request.method != "POST":
        return redirect(back)
    bound = {name: form} if form is not None else {}
    if form is not None and not form.is_valid():
        return again(bound=bound, status=NOT_FIT)
    try:
        change()
    except Refused as refusal:
        if refusal.status == NOT_THERE:
            raise
        return again(bound=bound, refusal=refusal, status=refusal.status)
    messages.success(request, done)
    return redirect(back)


def sent(request: HttpRequest) -> Any:
    """What was sent, be it empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def number_of(text: str | None) -> int | None:
    """A small number out of an address, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
