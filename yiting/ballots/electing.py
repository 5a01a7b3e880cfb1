"""From the ballots of a round to its result: what the rule gives, why, and what other rules would give. Pure.

Candidates are known by their numbers as text. Withdrawn ones are left out; a ballot that wanted nothing else still
counts as a voter. Amounts are kept exactly, as whole numbers or fractions in text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from yiting.ballots.marks import AGAINST, FOR
from yiting.ballots.models import Candidate, Completion, Kind, KindLimit, Round, Rule, Satisfaction, Threshold, Ties
from yiting.methods.allocations import (
    Cast,
    Count,
    Election,
    Limit,
    MajorityOutcome,
    Outcome,
    Project,
    compared,
    comparison_svg,
    drawn_order,
    elect,
    election_of,
    explained,
    majority,
)

# A round is counted in yuan, also where a cost has fen: shares are raised by a yuan, here and in the published file.
FEN = 100
# How long the comparison may search for the greatest sum: about a second, since only the published rule decides.
COMPARED_STATES = 20_000
# The group of those who voted on paper; other groups are called by the full names of their estates, or nothing.
ON_PAPER = "paper"
# One ballot as it lies in the box: its marks, and the group that it may be told of with.
Filled = tuple[Sequence[Sequence[int]], str]

_RULES = {
    Rule.GREEDY: "greedy",
    Rule.GREEDY_COST: "greedy",
    Rule.EQUAL_SHARES: "equal-shares",
    Rule.PHRAGMEN: "phragmen",
    Rule.MAX_WELFARE: "max-welfare",
}
_SATISFACTIONS = {
    Satisfaction.COST: "cost",
    Satisfaction.CARDINALITY: "cardinality",
    Satisfaction.COVERED: "cc",
    Satisfaction.SCORE: "score",
}
_COMPLETIONS = {
    Completion.NONE: "none",
    Completion.ADD1: "add1",
    Completion.ADD1_EXHAUSTIVE: "add1-exhaustive",
    Completion.GREEDY: "greedy",
}
_KINDS = {Kind.POINTS: "cumulative", Kind.RANKING: "scoring"}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count comes to, ready to be stored."""

    winners: tuple[int, ...]
    cost_fen: int
    ties: tuple[dict[str, Any], ...]
    explanation: dict[str, Any]


def count(
    round: Round, candidates: Sequence[Candidate], ballots: Sequence[Filled], limits: Sequence[KindLimit]
) -> Counted:
    """Count a round by its published rule; `candidates` are those that can be built."""
    if round.kind == Kind.YES_NO:
        return _by_majority(round, candidates, ballots, limits)
    election = make_election(round, candidates, ballots, limits)
    order = [one.id for one in election.projects]
    outcome = _elect(election, round, order)
    others = [_other(one) for one in compared(election, order=order, most_states=COMPARED_STATES)]
    return Counted(
        winners=_numbers(outcome.winners),
        cost_fen=int(outcome.cost * FEN),
        ties=_ties(outcome),
        explanation={**_explanation(election, outcome), "others": others},
    )


def make_election(
    round: Round, candidates: Sequence[Candidate], ballots: Sequence[Filled], limits: Sequence[KindLimit]
) -> Election:
    """The ballots of a round in the terms of the method: the projects in the order that breaks ties, ballots in one of
    their contents, so that neither tells when a ballot came or which receipt is its own."""
    known = {one.number for one in candidates}
    projects = [_project(one) for one in published_order(round, candidates)]
    ordered = sorted(ballots, key=lambda ballot: ([list(pair) for pair in ballot[0]], ballot[1]))
    casts = [_cast(round, marks, known, group) for marks, group in ordered]
    return election_of(
        projects,
        casts,
        budget=_yuan(round.budget_fen),
        kind=_KINDS.get(Kind(round.kind), "approval"),
        limits=_limits(limits),
    )


def published_order(round: Round, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates in the order that breaks ties."""
    listed = sorted(candidates, key=lambda one: one.number)
    if round.ties == Ties.DRAWN:
        by_id = {str(one.number): one for one in listed}
        return [by_id[drawn] for drawn in drawn_order(list(by_id), seed=round.root)]
    if round.ties == Ties.CHEAPER:
        listed.sort(key=lambda one: one.cost_fen or 0)
    return listed


def count_deputies(candidates: Sequence[Candidate], ballots: Sequence[Filled]) -> Mapping[int, Count]:
    """For, against and abstaining, candidate by candidate; a ballot that says nothing of one abstains."""
    said = {one.number: Counter[int]() for one in candidates}
    for marks, _group in ballots:
        for number, mark in marks:
            if number in said:
                said[number][mark] += 1
    return {
        number: Count(yes=marks[FOR], no=marks[AGAINST], abstain=len(ballots) - marks[FOR] - marks[AGAINST])
        for number, marks in said.items()
    }


def comparison_picture(
    candidates: Sequence[Candidate], why: Mapping[str, Any], *, title: str, names: Sequence[str]
) -> str:
    """The stored comparison of rules as a picture; beside it stands the table that says the same."""
    votes = why["votes"]
    shown = [one for one in candidates if str(one.number) in votes]
    election = election_of(
        [Project(str(one.number), one.cost_fen or 0) for one in shown],
        [Cast((number,), weight=times) for number, times in votes.items() if times],
        budget=1,
    )
    outcomes = [
        Outcome(
            rule=row["rule"],
            satisfaction=row["satisfaction"],
            completion=row["completion"],
            winners=tuple(str(number) for number in row["winners"]),
            cost=Fraction(row["cost_fen"]),
            ties=(),
            order=(),
        )
        for row in why["others"]
    ]
    legend = {str(one.number): f"[{one.number}] {one.title}" for one in shown}
    return comparison_svg(election, outcomes, title=title, names=names, legend=legend)


def _yuan(fen: int | None) -> Fraction:
    return Fraction(fen or 0, FEN)


def _project(candidate: Candidate) -> Project:
    return Project(
        str(candidate.number),
        _yuan(candidate.cost_fen),
        name=candidate.title,
        categories=(candidate.category,) if candidate.category else (),
        exclusive=candidate.alternatives,
    )


def _limits(limits: Sequence[KindLimit]) -> list[Limit]:
    return [
        Limit(one.category, one.most, None if one.most_cost_fen is None else _yuan(one.most_cost_fen)) for one in limits
    ]


def _by_majority(
    round: Round, candidates: Sequence[Candidate], ballots: Sequence[Filled], limits: Sequence[KindLimit]
) -> Counted:
    counts = count_deputies(candidates, ballots)
    share, base = _threshold(round, ballots=len(ballots))
    outcome = majority(
        [_project(one) for one in candidates],
        {str(number): one for number, one in counts.items()},
        budget=_yuan(round.budget_fen),
        base=base,
        threshold=share,
        limits=_limits(limits),
        order=[str(one.number) for one in published_order(round, candidates)],
    )
    rows = [
        {"number": number, "for": one.yes, "against": one.no, "abstain": one.abstain} for number, one in counts.items()
    ]
    return Counted(
        winners=_numbers(outcome.winners),
        cost_fen=sum(one.cost_fen or 0 for one in candidates if str(one.number) in outcome.winners),
        ties=_ties(outcome),
        explanation={"said": rows, "base": base, "needed": outcome.needed},
    )


def votes_needed(round: Round, *, ballots: int) -> int:
    """How many deputies must be for a project, when so many voted."""
    share, base = _threshold(round, ballots=ballots)
    return int(share * base) + 1


def counted_by(round: Round) -> Satisfaction:
    """What a project counts for its voters; the plain rules fix it."""
    if round.rule == Rule.GREEDY:
        return Satisfaction.COST
    if round.rule == Rule.GREEDY_COST and round.satisfaction != Satisfaction.SCORE:
        return Satisfaction.CARDINALITY
    return Satisfaction(round.satisfaction)


def _threshold(round: Round, *, ballots: int) -> tuple[Fraction, int]:
    """The part of how many deputies that must be exceeded."""
    of_all = round.threshold in (Threshold.HALF_OF_ALL, Threshold.TWO_THIRDS_OF_ALL)
    share = Fraction(2, 3) if round.threshold == Threshold.TWO_THIRDS_OF_ALL else Fraction(1, 2)
    # A deputy who came after voting opened votes too; without anybody there is still something to divide by.
    return share, max((round.electorate or 0) if of_all else 0, ballots, 1)


def _elect(election: Election, round: Round, order: Sequence[str]) -> Outcome:
    satisfaction = _SATISFACTIONS[counted_by(round)]
    completion = _COMPLETIONS[Completion(round.completion)] if round.rule == Rule.EQUAL_SHARES else "none"
    return elect(election, rule=_RULES[Rule(round.rule)], satisfaction=satisfaction, completion=completion, order=order)


def _cast(round: Round, marks: Sequence[Sequence[int]], known: set[int], group: str) -> Cast:
    kept = [(number, mark) for number, mark in marks if number in known]
    if round.kind == Kind.RANKING:  # of three candidates the first gets three points, also when no other is ranked
        kept.sort(key=lambda pair: pair[1])
        points = tuple(range(len(known), len(known) - len(kept), -1))
    else:
        points = tuple(mark for _number, mark in kept) if round.kind == Kind.POINTS else ()
    return Cast(tuple(str(number) for number, _mark in kept), points=points, group=group)


def _explanation(election: Election, outcome: Outcome) -> dict[str, Any]:
    why = explained(election, outcome)
    return {
        "voters": election.voters,
        "votes": {one.id: votes for one, votes in zip(election.projects, election.votes, strict=True)},
        "payments": [
            {"number": int(one.project_id), "group": one.group, "voters": one.voters, "amount": str(one.amount * FEN)}
            for one in why.payments
        ],
        "losses": [
            {
                "number": int(one.project_id),
                "votes": one.votes,
                "more_votes": one.more_votes,
                "lower_cost": None if one.lower_cost is None else str(one.lower_cost * FEN),
            }
            for one in why.losses
        ],
        "groups": [
            {
                "group": one.group,
                "voters": one.voters,
                "winners_mean": one.winners_mean,
                "cost_mean_fen": round(one.cost_mean * FEN),
                "none_won": one.none_won,
            }
            for one in why.groups
        ],
    }


def _other(outcome: Outcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule,
        "satisfaction": outcome.satisfaction,
        "completion": outcome.completion,
        "winners": list(_numbers(outcome.winners)),
        "cost_fen": int(outcome.cost * FEN),
    }


def _ties(outcome: Outcome | MajorityOutcome) -> tuple[dict[str, Any], ...]:
    return tuple({"tied": list(_numbers(one.projects)), "chosen": int(one.chosen)} for one in outcome.ties)


def _numbers(ids: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in ids)
