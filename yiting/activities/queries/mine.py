"""A person's own page: what they signed up for, where they were counted, their calendar link."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from yiting.activities.models import Activity, CheckIn, FeedLink, SignUp
from yiting.activities.queries.cards import ActivityCard, list_cards

MOST = 60


@dataclass(frozen=True, slots=True)
class Mine:
    """What a person signed up for and has before them, where they were, and since when there is a link."""

    ahead: list[tuple[ActivityCard, bool]]
    been: list[ActivityCard]
    link_since: datetime | None


def get_mine(person_ids: Collection[int], *, at: datetime) -> Mine:
    """The page of the reader themself, and of nobody else. A fixed number of queries."""
    signed = SignUp.objects.filter(person__in=person_ids, activity__ends_at__gte=at)
    seats = dict(
        signed.exclude(state=SignUp.State.WITHDRAWN).order_by("activity__starts_at").values_list("activity", "state")
    )
    ahead = Activity.objects.filter(pk__in=list(seats)[:MOST]).order_by("starts_at", "pk")
    there = CheckIn.objects.filter(person__in=person_ids).values("activity")
    been = Activity.objects.filter(pk__in=there).order_by("-starts_at", "-pk")[:MOST]
    return Mine(
        ahead=[(card, seats[card.pk] == SignUp.State.SEAT) for card in list_cards(ahead)],
        been=list_cards(been),
        link_since=FeedLink.objects.filter(person__in=person_ids).values_list("made_at", flat=True).first(),
    )
