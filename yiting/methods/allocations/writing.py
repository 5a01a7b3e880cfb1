"""Writes an election as a `.pb` file of Pabulib; nothing of a person stands in it but how somebody voted."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from yiting.methods.allocations.election import Election, Limit
from yiting.methods.allocations.errors import AllocationInvalid
from yiting.methods.allocations.numerals import number_written

ASKED: Final = ("description", "country", "unit", "instance", "rule", "date_begin", "date_end", "currency")
ALWAYS: Final = (
    *("description", "country", "unit", "instance", "num_projects", "num_votes", "budget", "vote_type", "rule"),
    *("date_begin", "date_end", "currency"),
)
DATE: Final = re.compile(r"\d{4}|\d{2}[.]\d{2}[.]\d{4}")


def pb_write(election: Election, *, meta: Mapping[str, str]) -> str:
    """Write a file; `meta` must say what ASKED names and may say more, ballots are numbered as they stand."""
    for field in ASKED:
        if not meta.get(field, "").strip():
            raise AllocationInvalid(f"META, field {field}", "it is missing; write it")
    for field in ("date_begin", "date_end"):
        if not DATE.fullmatch(meta[field]):
            raise AllocationInvalid(f"META, field {field}", "write it as DD.MM.YYYY or a year")
    facts = {
        **meta,
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.voters),
        "budget": number_written(election.budget),
        "vote_type": election.kind,
    }
    if election.limits:
        facts["limits"] = json.dumps([_limit(one) for one in election.limits], ensure_ascii=False)
    stream = io.StringIO()
    rows = csv.writer(stream, delimiter=";", lineterminator="\n")
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    for field in (*ALWAYS, *(field for field in facts if field not in ALWAYS)):
        rows.writerow([_line(field), _line(facts[field])])
    _projects_write(rows, election)
    _votes_write(rows, election)
    return stream.getvalue()


def _limit(limit: Limit) -> dict[str, str | int]:
    """A limit as the field `limits` of META has it, which is our own; what is not limited is left out."""
    most_cost = None if limit.most_cost is None else number_written(limit.most_cost)
    told = {"category": limit.category, "most": limit.most, "most_cost": most_cost, "least": limit.least or None}
    return {name: value for name, value in told.items() if value is not None}


def _projects_write(rows: Any, election: Election) -> None:
    rows.writerow(["PROJECTS"])
    rows.writerow(["project_id", "cost", "votes", "name", "category", "target", "exclusive"])
    for project, votes in zip(election.projects, election.votes, strict=True):
        lists = [",".join(project.categories) or "None", ",".join(project.targets) or "None"]
        rows.writerow(
            [project.id, number_written(project.cost), votes, _line(project.name), *lists, project.exclusive or "None"]
        )


def _votes_write(rows: Any, election: Election) -> None:
    with_points = election.kind in ("cumulative", "scoring")
    rows.writerow(["VOTES"])
    has_groups = any(election.groups)
    rows.writerow(["voter_id", "vote", *(["points"] if with_points else []), *(["group"] if has_groups else [])])
    names = [project.id for project in election.projects]
    number = 0
    for row in range(election.distinct):
        inside = slice(int(election.starts[row]), int(election.starts[row + 1]))
        cells = [",".join(names[at] for at in election.columns[inside].tolist())]
        if with_points:
            from_whole = [number_written(Fraction(point, election.scale)) for point in election.points[inside].tolist()]
            # an empty ballot has no points, which is not the same as empty points
            cells = [*cells, ",".join(from_whole)] if from_whole else ["None", "None"]
        if has_groups:
            cells.append(_line(election.groups[int(election.group_of[row])]))
        for _ in range(int(election.weights[row])):
            rows.writerow([number, *cells])
            number += 1


def _line(text: str) -> str:
    """A field on one line: the section names of a file must not begin one inside quotes."""
    return " ".join(text.split())
