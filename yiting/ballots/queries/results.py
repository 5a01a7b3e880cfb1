"""The result of a round for everybody: what is built and what it costs, why the others are not, objections, money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from yiting.ballots.electing import ON_PAPER
from yiting.ballots.errors import NotCountedYet
from yiting.ballots.models import (
    Allocation,
    Candidate,
    Completion,
    KindLimit,
    Objection,
    Override,
    Round,
    Rule,
    Satisfaction,
)
from yiting.ballots.queries.pictures import draw_comparison, draw_groups, draw_payments
from yiting.ballots.winners import kept_out, standing
from yiting.projects.models import Project


@dataclass(frozen=True, slots=True)
class WinnerRow:
    """One candidate that is built, or would be by the rule alone."""

    candidate: Candidate
    votes: int | None
    by_rule: bool
    built: bool
    override: Override | None
    project: Project | None


@dataclass(frozen=True, slots=True)
class LossRow:
    """One candidate that is not built by the rule, and what was missing, as far as it was tried."""

    candidate: Candidate
    votes: int
    tried: bool
    more_votes: int | None
    lower_cost_fen: int | None
    kept_out: str


@dataclass(frozen=True, slots=True)
class Payment:
    """What the voters of one estate paid for one project, in the sense of equal shares."""

    candidate: Candidate
    group: str
    voters: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class OtherRule:
    """What another rule would have built."""

    name: str
    winners: tuple[int, ...]
    cost_fen: int
    differs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """What became of the money: in fen."""

    budget: int
    given: int
    over: int
    spent: int
    unspent: int
    overrun: int


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The result of a round."""

    round: Round
    counted: Allocation
    earlier: tuple[Allocation, ...]
    winners: tuple[WinnerRow, ...]
    losses: tuple[LossRow, ...]
    said: tuple[Mapping[str, Any], ...]
    payments: tuple[Payment, ...]
    payments_picture: str
    groups: tuple[Mapping[str, Any], ...]
    groups_picture: str
    others: tuple[OtherRule, ...]
    others_picture: str
    withdrawn: tuple[Candidate, ...]
    # somebody has withdrawn a candidate since the last count
    stale: bool
    objections: tuple[Objection, ...]
    money: Money

    @property
    def overridden(self) -> bool:
        """Whether a council decided otherwise about anything."""
        return any(row.override is not None for row in self.winners)


def get_result_page(round: Round) -> ResultPage:
    """The result of a counted round, in a fixed number of queries."""
    counts = list(Allocation.objects.filter(round=round).order_by("-turn"))
    if not counts:
        raise NotCountedYet
    counted = counts[0]
    found = Candidate.objects.filter(round=round).select_related("project", "place").order_by("number")
    candidates = {one.number: one for one in found}
    overrides = list(Override.objects.filter(candidate__round=round).select_related("candidate"))
    built = standing(counted.winners, overrides)
    why: Mapping[str, Any] = counted.explanation
    winners = _winners(candidates, counted, built, overrides)
    payments = tuple(
        Payment(candidates[row["number"]], _group_name(row["group"]), row["voters"], fen_of(row["amount"]))
        for row in why.get("payments", ())
    )
    groups = tuple({**row, "group": _group_name(row["group"])} for row in why.get("groups", ()))
    withdrawn = tuple(one for one in candidates.values() if one.state == Candidate.State.WITHDRAWN)
    others = tuple(_other(row, counted) for row in why.get("others", ()))
    return ResultPage(
        round=round,
        counted=counted,
        earlier=tuple(counts[1:]),
        winners=winners,
        losses=_losses(candidates, counted, list(round.limits.all())),
        said=tuple({**row, "candidate": candidates[row["number"]]} for row in why.get("said", ())),
        payments=payments,
        payments_picture=draw_payments(_by_project(payments)),
        groups=groups,
        groups_picture=draw_groups(groups),
        others=others,
        others_picture=draw_comparison(list(candidates.values()), why, names=[one.name for one in others]),
        withdrawn=withdrawn,
        stale=counted.left_out != [one.number for one in withdrawn],
        objections=tuple(Objection.objects.filter(round=round).order_by("number")),
        money=_money(round, winners),
    )


def _group_name(group: str) -> str:
    return _("Those on paper") if group == ON_PAPER else group or _("Elsewhere in the place")


def fen_of(amount: str) -> int:
    """An exact amount, rounded to whole fen for a page."""
    exact = Fraction(amount)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _winners(
    candidates: Mapping[int, Candidate],
    counted: Allocation,
    built: tuple[int, ...],
    overrides: list[Override],
) -> tuple[WinnerRow, ...]:
    decided = {one.candidate.number: one for one in overrides}
    numbers = dict.fromkeys([*counted.winners, *built])
    return tuple(
        WinnerRow(
            candidate=candidates[number],
            votes=counted.explanation.get("votes", {}).get(str(number)),
            by_rule=number in counted.winners,
            built=number in built,
            override=decided.get(number),
            project=candidates[number].project,
        )
        for number in numbers
    )


def _by_project(payments: Sequence[Payment]) -> dict[Candidate, dict[str, int]]:
    """Amounts in fen by project and group, in the order chosen."""
    paid: dict[Candidate, dict[str, int]] = {}
    for one in payments:
        paid.setdefault(one.candidate, {})[one.group] = one.amount_fen
    return paid


def _losses(
    candidates: Mapping[int, Candidate], counted: Allocation, limits: Sequence[KindLimit]
) -> tuple[LossRow, ...]:
    """Those that lost, with what was missing where it was tried; the ones with most votes first."""
    why: Mapping[str, Any] = counted.explanation
    tried: Mapping[int, Mapping[str, Any]] = {row["number"]: row for row in why.get("losses", ())}
    votes = {int(number): times for number, times in why.get("votes", {}).items()}
    lost = sorted(votes.keys() - set(counted.winners) - tried.keys(), key=lambda one: (-votes[one], one))
    chosen = [candidates[number] for number in counted.winners]
    rows = []
    for number in (*tried, *lost):
        row = tried.get(number, {})
        lower = row.get("lower_cost")
        rows.append(
            LossRow(
                candidate=candidates[number],
                votes=votes[number],
                tried=number in tried,
                more_votes=row.get("more_votes"),
                lower_cost_fen=None if lower is None else int(Fraction(lower)),
                kept_out=kept_out(candidates[number], chosen, limits),
            )
        )
    return tuple(rows)


def _other(row: Mapping[str, Any], counted: Allocation) -> OtherRule:
    winners = tuple(row["winners"])
    apart = set(winners) ^ set(counted.winners)
    return OtherRule(rule_name(row), winners, row["cost_fen"], tuple(sorted(apart)))


def rule_name(row: Mapping[str, Any]) -> str:
    """What a rule of the comparison is called."""
    if row["rule"] == "greedy":
        return str((Rule.GREEDY if row["satisfaction"] == "cost" else Rule.GREEDY_COST).label)
    if row["rule"] == "equal-shares":
        completion = Completion(row["completion"].replace("-", "_"))
        return _("%(rule)s: %(left)s") % {"rule": Rule.EQUAL_SHARES.label, "left": completion.label}
    if row["rule"] == "phragmen":
        return str(Rule.PHRAGMEN.label)
    counts = Satisfaction(row["satisfaction"]).label
    return _("%(rule)s: %(left)s") % {"rule": Rule.MAX_WELFARE.label, "left": counts}


def _money(round: Round, winners: tuple[WinnerRow, ...]) -> Money:
    """What was given, and what projects have recorded as spent since."""
    built = [row for row in winners if row.built]
    given = sum(row.candidate.cost_fen or 0 for row in built)
    spent = [
        (row.candidate.cost_fen or 0, row.project.spent_fen)
        for row in built
        if row.project is not None and row.project.spent_fen is not None
    ]
    return Money(
        budget=round.budget_fen,
        given=given,
        over=round.budget_fen - given,
        spent=sum(one for _cost, one in spent),
        unspent=sum(max(cost - one, 0) for cost, one in spent),
        overrun=sum(max(one - cost, 0) for cost, one in spent),
    )
