"""Calendars to subscribe to, and one activity to add to one's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.activities.ical import feed_answer
from yiting.activities.models import Activity
from yiting.activities.queries.feeds import feed_of_host, feed_of_kind, feed_of_person, feed_of_place
from yiting.activities.queries.page import find_activity
from yiting.places.access import public


@public
@require_safe
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """What happens in a place and below it."""
    name, found = feed_of_place(pk)
    return feed_answer(request, found, name=name, file_name=f"place-{pk}.ics")


@public
@require_safe
def host(request: HttpRequest, pk: int) -> HttpResponse:
    """What an organisation holds."""
    name, found = feed_of_host(pk)
    return feed_answer(request, found, name=name, file_name=f"host-{pk}.ics")


@public
@require_safe
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """What is of a kind."""
    name, found = feed_of_kind(code)
    return feed_answer(request, found, name=name, file_name=f"kind-{code}.ics")


@public
@require_safe
def person(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody signed up for, behind their secret link."""
    found = feed_of_person(token)
    answer = feed_answer(request, found, name=_("My activities"), file_name="mine.ics", whole_series=False)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One activity, to be added to a calendar."""
    activity = find_activity(code)
    found = Activity.objects.filter(pk=activity.pk)
    return feed_answer(
        request, found, name=activity.title, file_name=f"activity-{activity.code}.ics", whole_series=False
    )
