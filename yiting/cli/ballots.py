"""`yiting ballots`: what is chosen under a budget, and why, from a file of Pabulib, without a database."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yiting.cli.output import refuse, show_json, tell

# The rules bring scipy with them, which no other command should wait for.
if TYPE_CHECKING:
    from fractions import Fraction

    from yiting.methods.allocations import Election, Explanation, Outcome, PbFile

MOST_BYTES = 512 * 1024 * 1024
RULES = {
    "greedy": "Greedy",
    "equal-shares": "Equal Shares",
    "phragmen": "Phragmén",
    "max-welfare": "Greatest welfare",
}
MEASURES = {"cost": "by cost", "cardinality": "by number", "cc": "by the best one", "score": "by points", None: ""}
COMPLETIONS = {
    "none": "",
    "add1": "add-one",
    "add1-exhaustive": "add-one until nothing fits",
    "greedy": "completed greedily",
}
WARNINGS = {
    "num_votes": "META names another number of votes than the {ballots} that stand there",
    "num_projects": "META names another number of projects than the {ballots} that stand there",
    "min_length": "{ballots} ballots name fewer projects than min_length asks for, the first in line {line}",
    "max_length": "{ballots} ballots name more projects than max_length allows, the first in line {line}",
    "min_sum_cost": "{ballots} ballots cost less than min_sum_cost, the first in line {line}",
    "max_sum_cost": "{ballots} ballots cost more than max_sum_cost, the first in line {line}",
    "max_points": "{ballots} ballots give a project more than max_points, the first in line {line}",
    "min_sum_points": "{ballots} ballots give fewer points than min_sum_points, the first in line {line}",
    "max_sum_points": "{ballots} ballots give more points than max_sum_points, the first in line {line}",
}

app = typer.Typer(help="Choosing under a budget.", no_args_is_help=True)


class Rule(StrEnum):
    """How projects are chosen."""

    greedy = "greedy"
    equal_shares = "equal-shares"
    phragmen = "phragmen"
    max_welfare = "max-welfare"


class Satisfaction(StrEnum):
    """What a voter gains from a project he voted for."""

    cost = "cost"
    cardinality = "cardinality"
    cc = "cc"
    score = "score"


class Completion(StrEnum):
    """How Equal Shares goes on when money is left."""

    none = "none"
    add1 = "add1"
    add1_exhaustive = "add1-exhaustive"
    greedy = "greedy"


@app.callback()
def ballots() -> None:
    """What is chosen under a budget, and why."""


@app.command()
def elect(
    file: Annotated[Path, typer.Argument(help="The election, as a .pb file of Pabulib.", show_default=False)],
    rule: Annotated[Rule, typer.Option(help="How projects are chosen.")] = Rule.equal_shares,
    satisfaction: Annotated[
        Satisfaction | None,
        typer.Option(help="What a voter gains; by default the cost of what he approved, or the points he gave."),
    ] = None,
    completion: Annotated[
        Completion, typer.Option(help="How Equal Shares goes on when money is left.")
    ] = Completion.none,
    groups: Annotated[str, typer.Option(help="A column of VOTES that says to which group a voter belongs.")] = "",
    seed: Annotated[
        str,
        typer.Option(
            help="Break ties by the SHA-256 of this public text and the id; by default by the id, or by the order of "
            "the file where its META says ties;listed."
        ),
    ] = "",
    losers: Annotated[
        int | None,
        typer.Option(
            min=0, help="Explain so many that lost, those with most votes first; by default what is soon done."
        ),
    ] = None,
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")] = False,
) -> None:
    """Choose projects by a rule, and explain the result."""
    from yiting.methods.allocations import AllocationInvalid, drawn_order, explained
    from yiting.methods.allocations import elect as found_in

    read = _read(file, groups)
    election = read.election
    order = drawn_order((project.id for project in election.projects), seed=seed) if seed else _published(read)
    try:
        outcome = found_in(
            election,
            rule=rule.value,
            satisfaction=satisfaction.value if satisfaction else None,
            completion=completion.value,
            order=order,
        )
        explanation = explained(election, outcome, losers=losers)
    except AllocationInvalid as error:
        refuse(f"{file.name}: {error}.")
    if json_out:
        show_json(_document(outcome, explanation))
    else:
        _tell(election, outcome, explanation)


@app.command()
def compare(
    file: Annotated[Path, typer.Argument(help="The election, as a .pb file of Pabulib.", show_default=False)],
    svg: Annotated[Path | None, typer.Option(help="Write the picture of the comparison there, as SVG.")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")] = False,
) -> None:
    """Choose by every rule that applies, side by side."""
    from yiting.methods.allocations import AllocationInvalid, compared, comparison_svg, groups_satisfied

    read = _read(file, "")
    election = read.election
    try:
        outcomes = compared(election, order=_published(read))
    except AllocationInvalid as error:
        refuse(f"{file.name}: {error}.")
    if svg is not None:
        legend = {project.id: project.name or project.id for project in election.projects}
        names = [_named(outcome) for outcome in outcomes]
        _write(svg, comparison_svg(election, outcomes, title="What each rule chooses", names=names, legend=legend))
    if json_out:
        show_json([{"name": _named(outcome), **_head(outcome)} for outcome in outcomes])
        return
    for outcome in outcomes:
        none_won = sum(group.none_won for group in groups_satisfied(election, outcome))
        tell(f"{_named(outcome)}: {len(outcome.winners)} projects for {_money(outcome.cost)}.")
        tell(f"  {' '.join(outcome.winners)}")
        tell(f"  {none_won} of {election.voters} voters named none of them.")


def _published(read: PbFile) -> list[str] | None:
    """The order that breaks ties, where the file says that it stands in it."""
    listed = read.meta.get("ties") == "listed"
    return [project.id for project in read.election.projects] if listed else None


def _head(outcome: Outcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule,
        "satisfaction": outcome.satisfaction,
        "completion": outcome.completion,
        "winners": list(outcome.winners),
        "cost": _number(outcome.cost),
        "ties": [{"projects": list(tie.projects), "chosen": tie.chosen} for tie in outcome.ties],
    }


def _document(outcome: Outcome, explanation: Explanation) -> dict[str, Any]:
    """The shape is stable; fields may be added."""
    paid: dict[str, list[dict[str, Any]]] = {}
    for payment in explanation.payments:
        row = {"group": payment.group, "voters": payment.voters, "amount": round(float(payment.amount), 2)}
        paid.setdefault(payment.project_id, []).append(row)
    won = [{"project_id": name, "won": True, "paid": paid.get(name, [])} for name in outcome.winners]
    lost = [
        {
            "project_id": loss.project_id,
            "won": False,
            "votes": loss.votes,
            "more_votes": loss.more_votes,
            "lower_cost": None if loss.lower_cost is None else _number(loss.lower_cost),
        }
        for loss in explanation.losses
    ]
    groups = [
        {
            "group": group.group,
            "voters": group.voters,
            "winners_mean": round(group.winners_mean, 4),
            "cost_mean": round(group.cost_mean, 2),
            "none_won": group.none_won,
        }
        for group in explanation.groups
    ]
    return {**_head(outcome), "explanation": [*won, *lost], "groups": groups}


def _tell(election: Election, outcome: Outcome, explanation: Explanation) -> None:
    texts = {project.id: f"{project.id}  {project.name}".rstrip() for project in election.projects}
    tell(f"{_named(outcome)}: {len(outcome.winners)} of {len(texts)} projects, {election.voters} voters.")
    tell(f"{_money(outcome.cost)} of {_money(election.budget)} is spent.")
    for name in outcome.winners:
        tell(f"Won: {texts[name]}")
        for payment in explanation.payments:
            if payment.project_id == name:
                of = f" of {payment.group}" if payment.group else ""
                tell(f"  {payment.voters} voters{of} paid {float(payment.amount):.2f}")
    for loss in explanation.losses:
        tell(f"Lost: {texts[loss.project_id]} ({loss.votes} votes)")
        if loss.more_votes is not None:
            tell(f"  {loss.more_votes} more ballots for it alone would have won.")
        if loss.lower_cost is not None:
            tell(f"  At a cost of {_money(loss.lower_cost)} it would have won.")
        if loss.more_votes is None and loss.lower_cost is None:
            tell("  Neither a lower cost nor twice as many ballots would have won.")
    if len(explanation.losses) < min(10, len(texts) - len(outcome.winners)):
        tell("To try how near more of those that lost came takes long here; ask with --losers.")
    for tie in outcome.ties:
        tell(f"Tie of {', '.join(tie.projects)}: the published order chose {tie.chosen}.")
    for group in explanation.groups:
        of = f" of {group.group}" if group.group else ""
        tell(f"{group.voters} voters{of}: {group.winners_mean:.2f} winners each; {group.none_won} have none.")


def _named(outcome: Outcome) -> str:
    parts = RULES[outcome.rule], MEASURES[outcome.satisfaction], COMPLETIONS[outcome.completion]
    return ", ".join(part for part in parts if part)


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _money(value: Fraction) -> str:
    return f"{_number(value):,}"


def _read(file: Path, groups: str) -> PbFile:
    from yiting.methods.allocations import AllocationInvalid, pb_read

    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            refuse(f"{file.name} has {size} bytes, more than {MOST_BYTES}; take a part of it.")
        read = pb_read(file.read_bytes().decode("utf-8-sig"), groups=groups)
    except OSError as error:
        refuse(f"{file} cannot be read ({error.strerror}); look at its name and place.")
    except UnicodeDecodeError as error:
        refuse(f"{file.name} is not UTF-8 at byte {error.start}; save it as UTF-8.")
    except AllocationInvalid as error:
        refuse(f"{file.name}: {error}.")
    for warned in read.warnings:
        tell(f"{WARNINGS[warned.kind].format(ballots=warned.ballots, line=warned.line)}; it was read all the same.")
    return read


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"{file} cannot be written ({error.strerror}); look at its place.")
