"""How an act of the workbench is done: one form, one service, and back to its page with what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yiting.alliances.views import bench
from yiting.places.errors import Refused

NOT_THERE = 404
Page = Callable[..., HttpResponse]
ADDRESSES: dict[Page, str] = {
    bench.manage_page: "alliances:manage",
    bench.turn_page: "alliances:turn",
    bench.members_page: "alliances:members",
}


def act(
    request: HttpRequest, page: Page, args: list[str], form: Any, change: Callable[[], object], *, name: str, done: str
) -> HttpResponse:
    """Do it and go back to the page; what does not fit, or was refused, is said beside its form."""
    if request.method == "POST" and not form.is_valid():
        return page(request, *args, bound={name: form}, status=422)
    return tap(request, page, args, change, done=done, bound={name: form})


def tap(
    request: HttpRequest,
    page: Page,
    args: list[str],
    change: Callable[[], object],
    *,
    done: str,
    bound: dict[str, Any] | None = None,
) -> HttpResponse:
    """The same for what is but a button."""
    if request.method != "POST":
        return redirect(ADDRESSES[page], *args)
    try:
        change()
    except Refused as refusal:
        if refusal.status == NOT_THERE:
            raise
        return page(request, *args, bound=bound, refusal=refusal, status=refusal.status)
    messages.success(request, done)
    return redirect(ADDRESSES[page], *args)


def sent(request: HttpRequest) -> Any:
    """What was sent, be it empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None
