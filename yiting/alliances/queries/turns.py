"""The year's turns: who hosts when, how fair that is, and each unit's account. A fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Q

from yiting.alliances.models import Absence, Alliance, JointKind, Membership, Proposal, Turn, TurnPlan, TurnSwap
from yiting.alliances.queries.problems import can_host, day_of, is_announced, list_turns, season_name, state_of, zone_of
from yiting.alliances.queries.units import Unit, absences_by_membership, list_units, unit_name

Fairness = Literal["none", "alone", "equal", "one_apart", "apart"]


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn as a line of a page, `number` that of its host; `unsaid` when its day has passed and nobody said more."""

    pk: int
    key: str
    day: date
    season: str
    kind: str
    host: str
    number: int
    organisation_id: int | None
    state: str
    state_label: str
    unsaid: bool
    announced: bool
    title: str
    code: str
    stands_in_for: str


@dataclass(frozen=True, slots=True)
class Account:
    """What one unit hosted, will host, is due and owes; all of it facts, none of it a rank."""

    number: int
    name: str
    is_member: bool
    weight: int
    hosted: int
    to_come: int
    share: Fraction
    owes: int
    skipped: tuple[date, ...]

    @property
    def share_text(self) -> str:
        """The share with one decimal."""
        return f"{float(self.share):.1f}"


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which a unit cannot host."""

    pk: int
    name: str
    number: int
    organisation_id: int | None
    from_on: date
    to_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class TurnsPage:
    """The turns of a year, and what can be said of them. The reasons of absences are not for the public page.

    `without_host` are turns to come whose host is away or no member by then: the period must be planned again.
    """

    alliance: Alliance
    year: int
    years: tuple[int, ...]
    today: date
    turns: tuple[TurnRow, ...]
    now: TurnRow | None
    following: TurnRow | None
    units: tuple[Unit, ...]
    accounts: tuple[Account, ...]
    aways: tuple[Away, ...]
    fairness: Fairness
    fewest: int
    most: int
    plan: TurnPlan | None
    without_host: tuple[TurnRow, ...]

    @property
    def open_turns(self) -> tuple[TurnRow, ...]:
        """Those about which something can still be done or has to be said."""
        return tuple(
            row for row in self.turns if row.unsaid or (row.day >= self.today and row.state != Turn.State.HELD)
        )

    @property
    def done_turns(self) -> tuple[TurnRow, ...]:
        """The others."""
        still_open = {row.key for row in self.open_turns}
        return tuple(row for row in self.turns if row.key not in still_open)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A line of a draft: what would be new, or change host."""

    key: str
    day: date
    kind: str
    host: str
    before: str
    is_new: bool
    changes: bool


@dataclass(frozen=True, slots=True)
class SwapRow:
    """A question that waits for its answer."""

    pk: int
    asker: str
    answerer: str
    day: date
    other_day: date
    swap: TurnSwap


def get_turns_page(alliance: Alliance, *, at: datetime, year: int | None = None) -> TurnsPage:
    """Return the turns of a year: this one, or the nearest with turns. Four queries."""
    zone = zone_of(alliance)
    today = at.astimezone(zone).date()
    units = list_units(alliance)
    absences = absences_by_membership(alliance)
    turns = list_turns(alliance)
    number_of = {stay.pk: unit.number for unit in units for stay in unit.stays}
    rows = sorted((_row(turn, number_of, zone, today=today) for turn in turns), key=lambda row: (row.day, row.key))
    years = sorted({row.day.year for row in rows}) or [today.year]
    shown = year if year in years else min(years, key=lambda one: (abs(one - today.year), -one))
    of_year = [row for row in rows if row.day.year == shown]
    counted = [row for row in of_year if row.state != Turn.State.SKIPPED]
    ahead = [row for row in rows if row.day >= today and row.state == Turn.State.PLANNED]
    there = [unit for unit in units if any(unit.is_member(row.day) for row in counted)]
    fairness, fewest, most = _fairness(alliance, there, counted)
    plan = (
        TurnPlan.objects.filter(alliance=alliance, adopted_at__isnull=False)
        .filter(since_on__lte=date(shown, 12, 31), until_on__gte=date(shown, 1, 1))
        .order_by("-adopted_at", "-pk")
        .first()
    )
    by_number = {unit.number: unit for unit in units}
    return TurnsPage(
        alliance=alliance,
        year=shown,
        years=tuple(years),
        today=today,
        turns=tuple(of_year),
        now=_now(alliance, ahead, today=today),
        following=_following(alliance, ahead, today=today),
        units=tuple(there),
        accounts=tuple(accounts_of(alliance, units, turns, zone=zone, today=today)),
        aways=tuple(_aways(units, absences)),
        fairness=fairness,
        fewest=fewest,
        most=most,
        plan=plan,
        without_host=tuple(row for row in ahead if not can_host(by_number[row.number], absences, row.day)),
    )


def accounts_of(
    alliance: Alliance, units: Sequence[Unit], turns: Iterable[Turn], *, zone: ZoneInfo, today: date
) -> list[Account]:
    """The account of every unit over all turns, in the order of their numbers, as the planner counts them.

    A turn falls to the members of its day, each by its part; by the season a quarter of one host is one turn.
    """
    number_of = {stay.pk: unit.number for unit in units for stay in unit.stays}
    weights = {unit.number: unit.latest.weight if alliance.by_weight else 1 for unit in units}
    share = {unit.number: Fraction(sum(stay.owed for stay in unit.stays)) for unit in units}
    hosted: Counter[int] = Counter()
    to_come: Counter[int] = Counter()
    skipped: dict[int, list[date]] = {unit.number: [] for unit in units}
    days: dict[tuple[int, str], list[date]] = {}
    for turn in turns:
        day = day_of(turn, zone)
        if turn.skipped_by_id is not None:
            skipped[number_of[turn.skipped_by_id]].append(day)
        if state_of(turn) != Turn.State.SKIPPED:
            part = season_name(day) if alliance.turns == Alliance.Turns.SEASON else turn.key
            days.setdefault((number_of[turn.membership_id], part), []).append(day)
    for (number, _part), of_turn in days.items():
        (hosted if min(of_turn) < today else to_come)[number] += 1
        there = [unit.number for unit in units if all(unit.is_member(day) for day in of_turn)]
        whole = sum(weights[one] for one in there)
        for one in there:
            share[one] += Fraction(weights[one], whole)
    return [
        Account(
            number=unit.number,
            name=unit.name,
            is_member=unit.is_member(today),
            weight=weights[unit.number],
            hosted=hosted[unit.number],
            to_come=to_come[unit.number],
            share=share[unit.number],
            owes=max(0, floor(share[unit.number]) - hosted[unit.number] - to_come[unit.number]),
            skipped=tuple(sorted(skipped[unit.number])),
        )
        for unit in units
    ]


def get_draft(alliance: Alliance) -> TurnPlan | None:
    """The draft of an alliance, if there is one. One query."""
    return TurnPlan.objects.filter(alliance=alliance, adopted_at__isnull=True).first()


def list_proposals(plan: TurnPlan) -> list[ProposalRow]:
    """What a draft would bring, in the order of its days. One query."""
    found = Proposal.objects.filter(plan=plan).select_related(
        "joint_kind", "membership__organisation", "turn__membership__organisation"
    )
    return [
        ProposalRow(
            key=line.key,
            day=line.day,
            kind=line.joint_kind.name if line.joint_kind else "",
            host=unit_name(line.membership),
            before=unit_name(line.turn.membership) if line.turn else "",
            is_new=line.turn is None,
            changes=line.turn is not None and line.turn.membership_id != line.membership_id,
        )
        for line in found.order_by("day", "key")
    ]


def list_open_swaps(alliance: Alliance) -> list[SwapRow]:
    """The questions that wait for an answer, the oldest first. One query."""
    found = TurnSwap.objects.filter(turn__alliance=alliance, state=TurnSwap.State.ASKED).select_related(
        "turn__activity", "other__activity", "asker__organisation", "answerer__organisation"
    )
    zone = zone_of(alliance)
    return [
        SwapRow(
            pk=swap.pk,
            asker=unit_name(swap.asker),
            answerer=unit_name(swap.answerer),
            day=day_of(swap.turn, zone),
            other_day=day_of(swap.other, zone),
            swap=swap,
        )
        for swap in found.order_by("asked_at", "pk")
    ]


def list_joint_kinds(alliance: Alliance) -> list[JointKind]:
    """The kinds of joint activity of an alliance in their order. One query."""
    return list(JointKind.objects.filter(alliance=alliance).select_related("kind").order_by("position", "pk"))


def find_turn(alliance: Alliance, key: str) -> Turn | None:
    """A turn by its name. One query."""
    found = Turn.objects.filter(alliance=alliance, key=key)
    return found.select_related("activity", "joint_kind", "membership__organisation").first()


def find_membership(alliance: Alliance, pk: int) -> Membership | None:
    """A membership of an alliance. One query."""
    return Membership.objects.filter(alliance=alliance, pk=pk).select_related("organisation").first()


def find_absence(alliance: Alliance, pk: int) -> Absence | None:
    """An absence of a member of an alliance. One query."""
    return Absence.objects.filter(membership__alliance=alliance, pk=pk).select_related("membership").first()


def find_swap(alliance: Alliance, pk: int) -> TurnSwap | None:
    """A question about turns of an alliance. One query."""
    return TurnSwap.objects.filter(Q(turn__alliance=alliance), pk=pk).select_related("turn", "other").first()


def _row(turn: Turn, number_of: Mapping[int, int], zone: ZoneInfo, *, today: date) -> TurnRow:
    day, state = day_of(turn, zone), state_of(turn)
    announced = is_announced(turn)
    return TurnRow(
        pk=turn.pk,
        key=turn.key,
        day=day,
        season=season_name(day),
        kind=turn.joint_kind.name if turn.joint_kind else "",
        host=unit_name(turn.membership),
        number=number_of[turn.membership_id],
        organisation_id=turn.membership.organisation_id,
        state=state.value,
        state_label=str(state.label),
        unsaid=state == Turn.State.PLANNED and day < today,
        announced=announced,
        title=turn.activity.title if turn.activity and announced else "",
        code=turn.activity.code if turn.activity and announced else "",
        stands_in_for=unit_name(turn.skipped_by) if turn.skipped_by and state != Turn.State.SKIPPED else "",
    )


def _fairness(alliance: Alliance, units: Sequence[Unit], rows: Sequence[TurnRow]) -> tuple[Fairness, int, int]:
    """How far apart the units are in the turns of a year; only those that are members in it are compared."""
    if not rows:
        return "none", 0, 0
    by_season = alliance.turns == Alliance.Turns.SEASON
    counts = Counter(number for number, _turn in {(row.number, row.season if by_season else row.key) for row in rows})
    times = [counts[unit.number] for unit in units]
    fewest, most = min(times), max(times)
    if len(times) == 1:
        return "alone", fewest, most
    return ("equal" if fewest == most else "one_apart" if most - fewest == 1 else "apart"), fewest, most


def _now(alliance: Alliance, ahead: Sequence[TurnRow], *, today: date) -> TurnRow | None:
    """Whose turn it is: the next to come; by the season that of the running quarter."""
    if alliance.turns == Alliance.Turns.SEASON:
        return next((row for row in ahead if row.season == season_name(today)), ahead[0] if ahead else None)
    return ahead[0] if ahead else None


def _following(alliance: Alliance, ahead: Sequence[TurnRow], *, today: date) -> TurnRow | None:
    """Whose turn is the next but one; by the season that of the quarter after."""
    first = _now(alliance, ahead, today=today)
    if first is None:
        return None
    if alliance.turns == Alliance.Turns.SEASON:
        return next((row for row in ahead if row.season > first.season), None)
    return ahead[1] if len(ahead) > 1 else None


def _aways(units: Sequence[Unit], absences: dict[int, list[Absence]]) -> list[Away]:
    return [
        Away(
            pk=absence.pk,
            name=unit.name,
            number=unit.number,
            organisation_id=unit.organisation_id,
            from_on=absence.from_on,
            to_on=absence.to_on,
            reason=absence.reason,
        )
        for unit in units
        for stay in unit.stays
        for absence in absences.get(stay.pk, ())
    ]
