"""What stands in which calendar: of a place, an organisation, a kind, a person."""

from __future__ import annotations

from hashlib import sha256

from django.db.models import QuerySet

from yiting.activities.errors import FeedMissing
from yiting.activities.models import Activity, FeedLink, Host, Kind, SignUp
from yiting.people.models import Organisation
from yiting.places.models import Place


def feed_of_place(pk: int) -> tuple[str, QuerySet[Activity]]:
    """The name of a place's calendar and what is listed there and below."""
    place = Place.objects.filter(pk=pk).first()
    if place is None:
        raise FeedMissing
    return place.name, Activity.objects.filter(listed=True, place_path__startswith=place.path)


def feed_of_host(pk: int) -> tuple[str, QuerySet[Activity]]:
    """The name of an organisation's calendar and what it holds, alone or with others."""
    organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is None:
        raise FeedMissing
    held = Host.objects.filter(organisation=organisation).values("activity")
    return organisation.name, Activity.objects.filter(listed=True, pk__in=held)


def feed_of_kind(code: str) -> tuple[str, QuerySet[Activity]]:
    """The name of a kind's calendar and what is of it."""
    kind = Kind.objects.filter(code=code).first()
    if kind is None:
        raise FeedMissing
    return kind.name, Activity.objects.filter(listed=True, kind=kind)


def feed_of_person(token: str) -> QuerySet[Activity]:
    """What the person behind a secret link signed up for."""
    link = FeedLink.objects.filter(token_hash=sha256(token.encode()).hexdigest()).first()
    if link is None:
        raise FeedMissing
    signed = SignUp.objects.filter(person=link.person_id).exclude(state=SignUp.State.WITHDRAWN)
    return Activity.objects.filter(pk__in=signed.values("activity"))
