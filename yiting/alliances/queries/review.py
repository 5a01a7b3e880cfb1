"""A season's review: every figure counted from the records, each with where they stand. Nobody types anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from yiting.activities.models import Activity, CheckIn, Feedback
from yiting.alliances.errors import SeasonUnreadable
from yiting.alliances.models import Alliance, Turn, TurnSwap
from yiting.alliances.queries.alliances import JointRow, list_joint_activities
from yiting.alliances.queries.pooling import PoolReview, review_of
from yiting.alliances.queries.problems import day_of, list_turns, season_days, season_name, state_of, zone_of
from yiting.alliances.queries.units import unit_name
from yiting.alliances.wording import outcome_label
from yiting.needs.models import ServiceRequest

SEASON = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An activity that took place: who hosted it, and who came, as far as it was counted."""

    code: str
    title: str
    day: date
    kind: str
    hosts: tuple[str, ...]
    units: int
    people: int
    is_counted: bool
    questions: int
    good: int
    fair: int
    poor: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many activities of a kind, or of a host, and which."""

    name: str
    rows: tuple[HeldRow, ...]

    @property
    def number(self) -> int:
        """How many."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class TurnNote:
    """A turn of the season, and what became of it."""

    key: str
    day: date
    host: str
    kind: str
    outcome: str

    @property
    def label(self) -> str:
        """What became of it, in words."""
        return outcome_label(self.outcome)


@dataclass(frozen=True, slots=True)
class SeasonReview:
    """All that an alliance did in a season."""

    alliance: Alliance
    season: str
    first: date
    last: date
    before: str
    after: str
    held: tuple[HeldRow, ...]
    by_kind: tuple[Tally, ...]
    by_host: tuple[Tally, ...]
    cancelled: tuple[JointRow, ...]
    turns: tuple[TurnNote, ...]
    turn_counts: tuple[tuple[str, int], ...]
    swaps: int
    pool: PoolReview

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is on record."""
        return not (self.held or self.cancelled or self.turns or self.swaps or self.pool.rows or self.pool.offers)


def read_season(text: str, *, today: date) -> tuple[date, date]:
    """The first and the last day of a season as it is written, 2024-Q2; nothing written is the running one."""
    if not text:
        return season_days(today)
    found = SEASON.fullmatch(text.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise SeasonUnreadable(season=text[:20])
    return season_days(date(int(found[1]), int(found[2]) * 3, 1))


def get_review(alliance: Alliance, *, first: date, last: date) -> SeasonReview:
    """Count what an alliance did from a day to a day, both included. A fixed number of queries."""
    zone = zone_of(alliance)
    since, until = _begin(first, zone), _begin(last + timedelta(days=1), zone)
    joint = list_joint_activities(alliance, since=since, until=until)
    held = _held([row for row in joint if row.activity.state == Activity.State.HELD], zone)
    turns = [
        TurnNote(
            key=turn.key,
            day=day,
            host=unit_name(turn.membership),
            kind=turn.joint_kind.name if turn.joint_kind else "",
            outcome=_outcome(turn),
        )
        for turn in list_turns(alliance)
        if first <= (day := day_of(turn, zone)) <= last
    ]
    swaps = TurnSwap.objects.filter(
        turn__alliance=alliance, state=TurnSwap.State.AGREED, answered_at__gte=since, answered_at__lt=until
    ).count()
    return SeasonReview(
        alliance=alliance,
        season=season_name(first),
        first=first,
        last=last,
        before=season_name(first - timedelta(days=1)),
        after=season_name(last + timedelta(days=1)),
        held=tuple(held),
        by_kind=_tallies(held, [(row.kind,) for row in held]),
        by_host=_tallies(held, [row.hosts for row in held]),
        cancelled=tuple(row for row in joint if row.is_cancelled),
        turns=tuple(turns),
        turn_counts=tuple(Counter(turn.label for turn in turns).items()),
        swaps=swaps,
        pool=review_of(alliance, first, last),
    )


def _held(rows: Sequence[JointRow], zone: ZoneInfo) -> list[HeldRow]:
    """Three counts over all activities at once: who checked in, what was asked, and what was thought of it."""
    keys = [row.activity.pk for row in rows]
    counted = CheckIn.objects.filter(activity__in=keys).order_by().values_list("activity")
    came = {
        activity: (units, people)
        for activity, units, people in counted.annotate(units=Count("organisation", distinct=True), people=Sum("heads"))
    }
    questions = ServiceRequest.objects.filter(activity__in=keys).order_by().values_list("activity")
    asked = dict(questions.annotate(number=Count("pk")))
    feedback = Feedback.objects.filter(activity__in=keys).order_by().values_list("activity", "verdict")
    said = {(activity, verdict): number for activity, verdict, number in feedback.annotate(number=Count("pk"))}
    return [
        HeldRow(
            code=row.code,
            title=row.title,
            day=row.activity.starts_at.astimezone(zone).date(),
            kind=row.kind,
            hosts=row.hosts,
            units=came.get(row.activity.pk, (0, 0))[0],
            people=came.get(row.activity.pk, (0, 0))[1],
            is_counted=row.activity.pk in came,
            questions=asked.get(row.activity.pk, 0),
            good=said.get((row.activity.pk, Feedback.Verdict.GOOD), 0),
            fair=said.get((row.activity.pk, Feedback.Verdict.FAIR), 0),
            poor=said.get((row.activity.pk, Feedback.Verdict.POOR), 0),
        )
        for row in rows
    ]


def _tallies(rows: Sequence[HeldRow], names: Sequence[Sequence[str]]) -> tuple[Tally, ...]:
    """The activities under each of their names, in the order in which these first come: no ranking."""
    found: dict[str, list[HeldRow]] = {}
    for row, of_row in zip(rows, names, strict=True):
        for name in of_row:
            found.setdefault(name, []).append(row)
    return tuple(Tally(name, tuple(of_name)) for name, of_name in found.items())


def _outcome(turn: Turn) -> str:
    """What became of a turn: held, held by one who stepped in, fallen away, or nothing said yet."""
    state = state_of(turn)
    if state == Turn.State.SKIPPED:
        return "skipped"
    if state == Turn.State.HELD:
        return "stepped_in" if turn.skipped_by_id else "held"
    return "planned"


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
