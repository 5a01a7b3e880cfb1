"""A person's own page: what they signed up for, where they were, and the secret link to their calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yiting.activities.queries.mine import get_mine
from yiting.activities.services import feed_link_renew, feed_link_revoke
from yiting.activities.views.visitors import actor_of, keep_pace, speaker_of, voices_of, web_address
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.doing import post_or_look


@public
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What this browser signed up for; no account is needed."""
    return _page(request)


@public
@post_or_look
def renew(request: HttpRequest) -> HttpResponse:
    """Make the secret link, or a new one in place of the old; it is shown this once."""
    if request.method != "POST":
        return redirect("activities:mine")
    keep_pace(request, "link")
    at = now()
    person = speaker_of(request, at=at)
    token = feed_link_renew(by=actor_of(request), person=person, at=at)
    return _page(request, link=web_address(request, reverse("activities:feed_person", args=[token])))


@public
@post_or_look
def revoke(request: HttpRequest) -> HttpResponse:
    """End the secret link."""
    if request.method == "POST" and voices_of(request):
        feed_link_revoke(by=actor_of(request), person=speaker_of(request, at=now()))
    return redirect("activities:mine")


def _page(request: HttpRequest, *, link: str = "") -> HttpResponse:
    context = {"mine": get_mine(voices_of(request), at=now()), "link": link}
    response = render(request, "activities/mine.html", context)
    response["Cache-Control"] = "no-store"
    return response
