"""The workbench of activities: those of the reader's places and units, and who signed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from yiting.activities.errors import ActivityMissing
from yiting.activities.models import Activity, CheckIn, Feedback, Host, Material, SignUp
from yiting.activities.policies import can_manage, contact_ids
from yiting.activities.queries.cards import ActivityCard, list_cards
from yiting.activities.queries.page import find_activity
from yiting.people.actors import Actor
from yiting.people.models import Organisation, Person
from yiting.people.queries.roles import path_under
from yiting.places.models import Level, Place

PAGE = 30
PLACES_OFFERED = 500
ORGANISATIONS_OFFERED = 500
VIEWS = ("coming", "unreported", "past", "cancelled")


@dataclass(frozen=True, slots=True)
class Bench:
    """One view of the workbench."""

    view: str
    rows: list[ActivityCard]
    counts: dict[str, int]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class ListedSignUp:
    """One line of the list of those who signed up; a person is a number here, never a name."""

    pk: int
    number: int
    unit: str
    person: Person | None
    heads: int
    has_seat: bool
    is_there: bool


def list_bench(by: Actor, view: str, *, page: int = 1, at: datetime, size: int = PAGE) -> Bench:
    """One view of the activities that the actor manages, with how many each view has. A fixed number of queries."""
    view = view if view in VIEWS else VIEWS[0]
    conditions = _conditions(at)
    found = Activity.objects.filter(_managed(by))
    counts = {name: found.filter(condition).count() for name, condition in conditions.items()}
    order = ("starts_at", "pk") if view == "coming" else ("-starts_at", "-pk")
    skip = (max(page, 1) - 1) * size
    rows = list(found.filter(conditions[view]).order_by(*order)[skip : skip + size + 1])
    return Bench(view, list_cards(rows[:size]), counts, max(page, 1), len(rows) > size)


def get_bench_activity(code: str, by: Actor) -> Activity:
    """An activity that the actor manages; one elsewhere is not there. Two queries."""
    activity = find_activity(code)
    hosts = Host.objects.filter(activity=activity).values_list("organisation", flat=True)
    if not can_manage(by, place_path=activity.place_path, host_ids=frozenset(hosts)):
        raise ActivityMissing
    return activity


def list_sign_ups(activity: Activity) -> list[ListedSignUp]:
    """Those who have a seat and those who wait, in order, and who of them is there. Two queries."""
    found = (
        SignUp.objects.filter(activity=activity)
        .exclude(state=SignUp.State.WITHDRAWN)
        .select_related("organisation", "person")
        .order_by("state", "signed_at", "pk")
    )
    there = set(CheckIn.objects.filter(activity=activity).values_list("person", "organisation"))
    return [
        ListedSignUp(
            pk=one.pk,
            number=number,
            unit=one.organisation.name if one.organisation else "",
            person=one.person,
            heads=one.heads,
            has_seat=one.state == SignUp.State.SEAT,
            is_there=(one.person_id, one.organisation_id) in there,
        )
        for number, one in enumerate(found, start=1)
    ]


def get_sign_up(activity: Activity, pk: int) -> SignUp:
    """A sign-up of this activity. One query."""
    found = SignUp.objects.select_related("activity", "person", "organisation").filter(activity=activity, pk=pk).first()
    if found is None:
        raise ActivityMissing
    return found


def get_material(activity: Activity, pk: int) -> Material:
    """Something to read of this activity."""
    found = Material.objects.select_related("activity").filter(activity=activity, pk=pk).first()
    if found is None:
        raise ActivityMissing
    return found


def list_words(activity: Activity) -> list[Feedback]:
    """What was said in words, the newest first. One query."""
    return list(Feedback.objects.filter(activity=activity).exclude(word="").order_by("-at", "-pk")[:100])


def list_plan_places(by: Actor, *, also: Place | None = None) -> list[Place]:
    """Where the actor may plan something, as a tree down to estates. Two queries."""
    paths = [*by.work_paths, *_unit_paths(by)]
    wanted = path_under("path", paths) | Q(pk=also.pk if also is not None else None)
    found = Place.objects.filter(wanted).exclude(level=Level.BUILDING)
    return sorted(found[:PLACES_OFFERED], key=lambda place: [int(key) for key in place.path.strip("/").split("/")])


def list_hosts(by: Actor) -> list[Organisation]:
    """Organisations that can hold something, the actor's own first. One query."""
    own = by.organisation_ids
    found = Organisation.objects.filter(active=True).order_by("name", "pk")
    return sorted(found[:ORGANISATIONS_OFFERED], key=lambda one: one.pk not in own)


def _unit_paths(by: Actor) -> list[str]:
    units = contact_ids(by)
    if not units:
        return []
    return list(Organisation.objects.filter(pk__in=units).order_by("pk").values_list("place__path", flat=True))


def _managed(by: Actor) -> Q:
    hosted = Host.objects.filter(activity=OuterRef("pk"), organisation__in=contact_ids(by))
    return path_under("place_path", by.work_paths) | Q(Exists(hosted))


def _conditions(at: datetime) -> dict[str, Q]:
    planned, cancelled = Q(state=Activity.State.PLANNED), Q(state=Activity.State.CANCELLED)
    return {
        "coming": planned & Q(ends_at__gte=at),
        "unreported": planned & Q(ends_at__lt=at),
        "past": Q(state=Activity.State.HELD),
        "cancelled": cancelled,
    }
