"""Meetings: the public list, one page with the minutes that its reader may see, and the workbench."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from yiting.activities.models import Activity, CheckIn
from yiting.activities.queries.cards import ActivityCard, list_cards
from yiting.activities.queries.page import heads_there
from yiting.deliberation.codes import read_code
from yiting.deliberation.errors import MeetingMissing
from yiting.deliberation.models import Approval, Meeting, Minutes, Point, Resolution, Said, Topic
from yiting.ledger.queries import TimelineRow, list_entries
from yiting.people.actors import Actor
from yiting.people.models import Organisation, Person
from yiting.people.queries.roles import path_under
from yiting.places.models import Place
from yiting.places.queries import full_names

PAGE = 20
VIEWS = ("coming", "writing", "asked", "unpublished", "published")


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting in a list: its activity's line, its topic, and how far its minutes are."""

    activity: ActivityCard
    topic_code: str
    topic_question: str
    state: str
    published: bool


@dataclass(frozen=True, slots=True)
class MeetingList:
    """A page of a list of meetings."""

    cards: list[MeetingCard]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class BenchList:
    """One view of the workbench, with how many each view has."""

    view: str
    cards: list[MeetingCard]
    counts: dict[str, int]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """One who was there and can be asked: by number, never by name; and what they answered."""

    pk: int
    number: int
    person: Person | None
    organisation: Organisation | None
    agrees: bool | None
    word: str

    @property
    def unit(self) -> str:
        """The unit's name, or nothing for a person."""
        return self.organisation.name if self.organisation is not None else ""


@dataclass(frozen=True, slots=True)
class MinutesView:
    """A version of the minutes as it is shown, with the answers as numbers and the objections in words."""

    minutes: Minutes
    points: list[Point]
    approvals: int
    written_down: int
    """Answers that whoever keeps the minutes wrote down for somebody."""
    objections: list[str]
    resolutions: dict[int, list[Resolution]]


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """All that stands on the page of a meeting for this reader."""

    meeting: Meeting
    card: ActivityCard
    place_names: str
    agenda: list[Point]
    invited: list[str]
    came: int
    shown: MinutesView | None
    versions: list[Minutes]
    asked: MinutesView | None
    mine: list[Voice]
    rows: list[TimelineRow]

    @property
    def quorum_met(self) -> bool:
        """Whether enough were there to decide."""
        return self.came >= self.meeting.quorum


def list_meetings(*, past: bool = False, place: Place | None = None, page: int = 1, at: datetime) -> MeetingList:
    """The public list: those to come, the next first, or those that were. A fixed number of queries."""
    found = Meeting.objects.filter(activity__listed=True)
    if place is not None:
        found = found.filter(activity__place_path__startswith=place.path)
    found = found.filter(activity__ends_at__lt=at) if past else found.filter(activity__ends_at__gte=at)
    order = ("-activity__starts_at", "-pk") if past else ("activity__starts_at", "pk")
    rows, more = _page(found.order_by(*order), page)
    return MeetingList(_cards(rows), max(page, 1), more)


def list_topic_meetings(topic: Topic) -> list[MeetingCard]:
    """The meetings about a topic, the latest first. A fixed number of queries."""
    about = Q(topic=topic) | Q(pk__in=Point.objects.filter(topic=topic).values("minutes__meeting"))
    return _cards(list(_loaded(Meeting.objects.filter(about)).order_by("-activity__starts_at", "-pk")))


def find_meeting(code: str) -> Meeting:
    """The meeting behind its activity's code, as typed. One query."""
    rows = Meeting.objects.select_related("activity__place__parent", "activity__kind", "topic")
    found = rows.filter(activity__code=read_code(code)[:16]).first()
    if found is None:
        raise MeetingMissing
    return found


def get_meeting_page(
    code: str, *, by: Actor, person_ids: Collection[int], version: int | None = None, at: datetime
) -> MeetingPage:
    """The page of a meeting; `person_ids` are the voices of the browser. A fixed number of queries.

    Everybody sees published minutes; those who were there see the ones that they are asked about.
    """
    meeting = find_meeting(code)
    (card,) = list_cards([meeting.activity])
    versions = list(Minutes.objects.filter(meeting=meeting).select_related("meeting").order_by("-number"))
    public = [one for one in versions if one.published_at is not None]
    shown = next((one for one in public if one.number == version), public[0] if public else None)
    asked = next((one for one in versions if one.state == Minutes.State.ASKED), None)
    mine = []
    if asked is not None:
        own = Q(person__in=person_ids) | Q(organisation__in=by.organisation_ids)
        mine = list_voices(asked, only=own)
    may_see_asked = asked is not None and (bool(mine) or by.works_at(meeting.activity.place_path))
    agenda = versions[-1].points.select_related("topic", "need").filter(announced=True).order_by("position")
    rows = list_entries("deliberation.meeting", [meeting.pk], public_only=True)
    rows += list_entries("deliberation.minutes", [one.pk for one in versions], public_only=True)
    return MeetingPage(
        meeting=meeting,
        card=card,
        place_names=full_names([meeting.activity.place])[meeting.activity.place_id],
        agenda=list(agenda),
        invited=list_invited(meeting),
        came=heads_there(meeting.activity),
        shown=view_minutes(shown) if shown is not None else None,
        versions=public,
        asked=view_minutes(asked) if asked is not None and may_see_asked else None,
        mine=mine,
        rows=sorted(rows, key=lambda row: row.at),
    )


def view_minutes(minutes: Minutes) -> MinutesView:
    """A version with all that stands in it. Four queries."""
    points = list(
        Point.objects.filter(minutes=minutes)
        .select_related("topic", "need")
        .prefetch_related("said")
        .order_by("position")
    )
    answers = list(Approval.objects.filter(minutes=minutes).order_by("at", "pk"))
    resolutions: dict[int, list[Resolution]] = {}
    for one in Resolution.objects.filter(point__minutes=minutes).order_by("pk"):
        resolutions.setdefault(one.point_id or 0, []).append(one)
    return MinutesView(
        minutes=minutes,
        points=points,
        approvals=sum(answer.agrees for answer in answers),
        written_down=sum(answer.by_keeper for answer in answers),
        objections=[answer.word for answer in answers if not answer.agrees],
        resolutions=resolutions,
    )


def list_voices(minutes: Minutes, *, only: Q | None = None) -> list[Voice]:
    """Those who were there, numbered as they were counted, and what each answered. Two queries."""
    answers = {
        (one.person_id, one.organisation_id): (one.agrees, one.word) for one in Approval.objects.filter(minutes=minutes)
    }
    came = CheckIn.objects.filter(activity=minutes.meeting.activity_id).exclude(person=None, organisation=None)
    keys = list(came.order_by("at", "pk").values_list("pk", flat=True)) if only is None else []
    found = came.filter(only) if only is not None else came
    numbers = {key: number for number, key in enumerate(keys, start=1)}
    return [
        Voice(
            one.pk,
            numbers.get(one.pk, 0),
            one.person,
            one.organisation,
            *answers.get((one.person_id, one.organisation_id), (None, "")),
        )
        for one in found.select_related("person", "organisation").order_by("at", "pk")
    ]


def get_voice(minutes: Minutes, pk: int, *, by: Actor, person_ids: Collection[int] = ()) -> CheckIn:
    """One who was there: the reader's own, their unit's, or any for those who keep the minutes. One query."""
    activity = minutes.meeting.activity
    found = CheckIn.objects.select_related("person", "organisation").filter(activity=activity, pk=pk).first()
    own = found is not None and (found.person_id in person_ids or found.organisation_id in by.organisation_ids)
    if found is None or not (own or by.works_at(activity.place_path)):
        raise MeetingMissing
    return found


def list_invited(meeting: Meeting) -> list[str]:
    """Who is invited: names of organisations, then roles. One query."""
    found = meeting.invitations.select_related("organisation").order_by("role", "pk")
    return [one.organisation.name if one.organisation is not None else str(one.get_role_display()) for one in found]


def list_bench(by: Actor, view: str, *, page: int = 1, at: datetime) -> BenchList:
    """One view of the meetings in the actor's places. A fixed number of queries."""
    view = view if view in VIEWS else VIEWS[0]
    conditions = _conditions(at)
    mine = _with_state(Meeting.objects.filter(path_under("activity__place_path", by.work_paths)))
    counts = mine.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})
    order = ("activity__starts_at", "pk") if view == "coming" else ("-activity__starts_at", "-pk")
    rows, more = _page(mine.filter(conditions[view]).order_by(*order), page)
    return BenchList(view, _cards(rows), counts, max(page, 1), more)


def get_bench_meeting(code: str, by: Actor) -> Meeting:
    """A meeting that the actor keeps; one elsewhere is not there. One query."""
    found = find_meeting(code)
    if not by.works_at(found.activity.place_path):
        raise MeetingMissing
    return found


def get_point(meeting: Meeting, pk: int) -> Point:
    """A point of the newest minutes. One query."""
    found = Point.objects.select_related("minutes").filter(minutes__meeting=meeting, pk=pk).first()
    if found is None:
        raise MeetingMissing
    return found


def get_said(meeting: Meeting, pk: int) -> Said:
    """A line of the minutes. One query."""
    found = Said.objects.select_related("point").filter(point__minutes__meeting=meeting, pk=pk).first()
    if found is None:
        raise MeetingMissing
    return found


def get_last_minutes(meeting: Meeting) -> Minutes:
    """The newest version. One query."""
    rows = Minutes.objects.select_related("meeting__activity")
    found = rows.filter(meeting=meeting).order_by("-number").first()
    if found is None:
        raise MeetingMissing
    return found


def list_open_topics(paths: Sequence[str]) -> list[Topic]:
    """Topics that a meeting in these places could be about. One query."""
    found = Topic.objects.filter(path_under("place_path", paths)).exclude(
        state__in=(Topic.State.RESOLVED, Topic.State.DRAFT)
    )
    return list(found.order_by("-created_at", "-pk")[:200])


def _conditions(at: datetime) -> dict[str, Q]:
    held = ~Q(activity__state=Activity.State.CANCELLED)
    over = held & Q(activity__ends_at__lt=at)
    final = held & Q(last_state=Minutes.State.FINAL)
    return {
        "coming": held & Q(activity__ends_at__gte=at, last_state=Minutes.State.DRAFT),
        "writing": over & Q(last_state=Minutes.State.DRAFT),
        "asked": held & Q(last_state=Minutes.State.ASKED),
        "unpublished": final & Q(last_published_at__isnull=True),
        "published": final & Q(last_published_at__isnull=False),
    }


def _with_state(found: QuerySet[Meeting]) -> QuerySet[Meeting]:
    last = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-number")
    return found.annotate(
        last_state=Subquery(last.values("state")[:1]), last_published_at=Subquery(last.values("published_at")[:1])
    )


def _loaded(found: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return found.select_related("activity__place__parent", "activity__kind", "topic")


def _page(found: QuerySet[Meeting], page: int) -> tuple[list[Meeting], bool]:
    skip = (max(page, 1) - 1) * PAGE
    rows = list(_loaded(found)[skip : skip + PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def _cards(meetings: Sequence[Meeting]) -> list[MeetingCard]:
    """Meetings as lines, in the order given. A fixed number of queries."""
    activities = {card.pk: card for card in list_cards([one.activity for one in meetings])}
    last: dict[int, Minutes] = {}
    published: set[int] = set()
    for one in Minutes.objects.filter(meeting__in=[row.pk for row in meetings]).order_by("number"):
        last[one.meeting_id] = one
        if one.published_at is not None:
            published.add(one.meeting_id)
    return [
        MeetingCard(
            activity=activities[row.activity_id],
            topic_code=row.topic.code if row.topic is not None else "",
            topic_question=row.topic.question if row.topic is not None else "",
            state=last[row.pk].state if row.pk in last else "",
            published=row.pk in published,
        )
        for row in meetings
    ]
