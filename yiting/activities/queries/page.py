"""The page of an activity, with what concerns the one who looks at it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from yiting.activities.codes import read_code
from yiting.activities.errors import ActivityMissing
from yiting.activities.models import Activity, ActivityPhoto, CheckIn, Feedback, Material, SignUp
from yiting.activities.queries.cards import ActivityCard, list_cards
from yiting.ledger.queries import TimelineRow, list_entries
from yiting.people.actors import Actor
from yiting.people.models import Organisation
from yiting.places.models import Place
from yiting.places.queries import full_names

NEXT_OF_SERIES = 6
For = Activity.SignUpFor


@dataclass(frozen=True, slots=True)
class MySignUp:
    """What the reader signed up, for themself or for their unit, and how many stand before them in line."""

    pk: int
    unit: str
    heads: int
    has_seat: bool
    position: int


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """How many said so."""

    verdict: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Everything that stands on the page."""

    activity: Activity
    card: ActivityCard
    place_names: str
    materials: list[Material]
    photos: list[ActivityPhoto]
    came: int
    said: list[FeedbackRow]
    rows: list[TimelineRow]
    siblings: list[ActivityCard]
    mine: list[MySignUp]
    my_feedback: Feedback | None
    units: list[Organisation]
    begun: bool
    over: bool
    can_sign_up: bool
    may_sign_person: bool

    @property
    def answered(self) -> int:
        """How many gave feedback."""
        return sum(row.count for row in self.said)


def find_activity(code: str) -> Activity:
    """The activity behind a code, as typed. One query."""
    wanted = read_code(code)[:16]
    found = Activity.objects.select_related("place__parent", "kind", "series").filter(code=wanted).first()
    if found is None:
        raise ActivityMissing
    return found


def get_activity_page(code: str, *, by: Actor, person_ids: Collection[int], at: datetime) -> ActivityPage:
    """The page of an activity; `person_ids` are the voices of the browser. A fixed number of queries."""
    activity = find_activity(code)
    (card,) = list_cards([activity])
    units = _units(activity, by)
    mine = list_own_sign_ups(activity, person_ids, [unit.pk for unit in units])
    open_now = _is_open(activity, at)
    return ActivityPage(
        activity=activity,
        card=card,
        place_names=full_names([activity.place])[activity.place_id],
        materials=list(Material.objects.filter(activity=activity).order_by("pk")),
        photos=list(ActivityPhoto.objects.filter(activity=activity).order_by("pk")),
        came=heads_there(activity),
        said=list_said(activity),
        rows=list_entries("activities.activity", [activity.pk], public_only=True),
        siblings=_siblings(activity, at),
        mine=mine,
        my_feedback=Feedback.objects.filter(activity=activity, person__in=person_ids).order_by("-at", "-pk").first(),
        units=[unit for unit in units if unit.name not in {one.unit for one in mine}],
        begun=activity.starts_at <= at and activity.state != Activity.State.CANCELLED,
        over=activity.ends_at < at,
        can_sign_up=open_now,
        may_sign_person=open_now
        and activity.sign_up_for in (For.PERSONS, For.BOTH)
        and not any(not one.unit for one in mine),
    )


def heads_there(activity: Activity) -> int:
    """How many were counted there. One query."""
    return int(CheckIn.objects.filter(activity=activity).aggregate(heads=Sum("heads"))["heads"] or 0)


def list_said(activity: Activity) -> list[FeedbackRow]:
    """How many gave each verdict. One query."""
    counts = dict(
        Feedback.objects.filter(activity=activity)
        .order_by()
        .values("verdict")
        .annotate(number=Count("pk"))
        .values_list("verdict", "number")
    )
    return [FeedbackRow(value, str(label), counts.get(value, 0)) for value, label in Feedback.Verdict.choices]


def list_own_sign_ups(activity: Activity, person_ids: Collection[int], units: Sequence[int]) -> list[MySignUp]:
    """What somebody and their units signed up here, with their place in line. Two queries at most."""
    found = SignUp.objects.filter(Q(person__in=person_ids) | Q(organisation__in=units), activity=activity)
    own = list(found.exclude(state=SignUp.State.WITHDRAWN).select_related("organisation").order_by("signed_at", "pk"))
    line: list[int] = []
    if any(one.state == SignUp.State.WAITING for one in own):
        line = list_line(activity)
    return [
        MySignUp(
            pk=one.pk,
            unit=one.organisation.name if one.organisation else "",
            heads=one.heads,
            has_seat=one.state == SignUp.State.SEAT,
            position=line.index(one.pk) + 1 if one.pk in line else 0,
        )
        for one in own
    ]


def list_line(activity: Activity) -> list[int]:
    """The waiting list as keys of sign-ups, the first first. One query."""
    waiting = SignUp.objects.filter(activity=activity, state=SignUp.State.WAITING).order_by("signed_at", "pk")
    return list(waiting.values_list("pk", flat=True))


def get_own_sign_up(activity: Activity, pk: int, *, by: Actor, person_ids: Collection[int]) -> SignUp:
    """A sign-up that is the reader's or their unit's; another is not there. One query."""
    own = Q(person__in=person_ids) | Q(organisation__in=by.organisation_ids)
    found = SignUp.objects.select_related("activity").filter(own, activity=activity, pk=pk).first()
    if found is None:
        raise ActivityMissing
    return found


def get_picture(code: str, pk: int) -> ActivityPhoto:
    """A photo of an activity."""
    found = ActivityPhoto.objects.filter(activity__code=read_code(code)[:16], pk=pk).first()
    if found is None:
        raise ActivityMissing
    return found


def get_paper(code: str, pk: int) -> Material:
    """A file to read."""
    found = Material.objects.filter(activity__code=read_code(code)[:16], pk=pk).exclude(file="").first()
    if found is None:
        raise ActivityMissing
    return found


def find_place(pk: int) -> Place | None:
    """A place by its key, if there is one."""
    return Place.objects.filter(pk=pk).first()


def list_units(by: Actor) -> list[Organisation]:
    """The organisations for which somebody works. One query, none for those who work for nobody."""
    keys = by.organisation_ids
    return list(Organisation.objects.filter(pk__in=keys, active=True).order_by("name", "pk")) if keys else []


def _units(activity: Activity, by: Actor) -> list[Organisation]:
    return list_units(by) if activity.sign_up_for in (For.UNITS, For.BOTH) else []


def _is_open(activity: Activity, at: datetime) -> bool:
    until = min(activity.ends_at, activity.sign_up_until or activity.ends_at)
    return activity.state == Activity.State.PLANNED and activity.sign_up_for != For.NOBODY and at <= until


def _siblings(activity: Activity, at: datetime) -> list[ActivityCard]:
    """The next activities of the same series."""
    if activity.series_id is None:
        return []
    found = Activity.objects.filter(series=activity.series_id, ends_at__gte=at, listed=True).exclude(pk=activity.pk)
    return list_cards(found.order_by("starts_at", "pk")[:NEXT_OF_SERIES])
