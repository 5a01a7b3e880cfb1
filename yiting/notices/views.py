"""Pages of notices: the inbox, and what could not be sent."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiting.notices import queries, services
from yiting.people.actors import Actor
from yiting.places import clock
from yiting.places.access import admin, signed_in


@signed_in
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The reader's messages, unread first."""
    actor = _actor(request)
    page = queries.list_inbox(actor, page=request.GET.get("page", "1"))
    return render(request, "notices/inbox.html", {"inbox": page, "unread": queries.unread_count(actor)})


@signed_in
@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    actor = _actor(request)
    notice = services.notice_read(by=actor, notice=queries.get_notice(actor, notice_id), at=clock.now())
    return redirect(notice.link or "notices:inbox")


@signed_in
@require_POST
def read_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a message as read and stay in the inbox."""
    actor = _actor(request)
    notice = services.notice_read(by=actor, notice=queries.get_notice(actor, notice_id), at=clock.now())
    if not getattr(request, "htmx", False):
        return redirect("notices:inbox")
    context = {"row": queries.inbox_row(notice), "unread": queries.unread_count(actor)}
    return render(request, "notices/read.html", context)


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    services.notices_read(by=_actor(request), at=clock.now())
    return redirect("notices:inbox")


@admin
@require_GET
def failed(request: HttpRequest) -> HttpResponse:
    """The messages that could not be sent."""
    page = queries.list_failed(_actor(request), page=request.GET.get("page", "1"))
    return render(request, "notices/failed.html", {"failed": page})


@admin
@require_POST
def retry(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Send a failed message again with the next round."""
    actor = _actor(request)
    services.notice_retry(by=actor, notice=queries.get_failed(actor, notice_id), at=clock.now())
    return redirect("notices:failed")


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]  # the web module puts it there
