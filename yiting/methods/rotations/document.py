"""The JSON of the command `yiting rotations plan`: a document in, a document out.

In: `{"units": [{"id", "weight", "unavailable": [[first, last]]}], "activities": [{"id", "date", "kind"}],
"history": [{"unit", "date"}]}`, days as 2027-02-01, both ends of a range included. Further fields, all optional:
of the whole `name`, `rule` ("activity" or "season"), `fixed` and `previous` (`[{"activity", "unit"}]`); of a unit
`name`, `joined`, `left` (its last day) or `memberships` (`[[first, last]]`, null where it is open), `kinds`,
`most`, `owed`; of an activity `title`; of a held turn `kind`. An id may be a text or a whole number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from yiting.methods.rotations.clashes import Clash
from yiting.methods.rotations.errors import RotationInvalid
from yiting.methods.rotations.plan import Plan
from yiting.methods.rotations.problem import (
    ALWAYS,
    RULES,
    Activity,
    Assignment,
    Held,
    Period,
    Problem,
    Rule,
    Unit,
    problem_check,
)

Id = str | int

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"name", "rule", "units", "activities", "history", "fixed", "previous"}),
    "units": frozenset(
        {"id", "name", "weight", "unavailable", "joined", "left", "memberships", "kinds", "most", "owed"}
    ),
    "activities": frozenset({"id", "date", "kind", "title"}),
    "history": frozenset({"unit", "date", "kind"}),
    "fixed": frozenset({"activity", "unit"}),
    "previous": frozenset({"activity", "unit"}),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A problem as it was read.

    `ids` gives each id back as it was written; `ignored` names the fields that were not understood.
    """

    problem: Problem
    ids: Mapping[str, Id] = field(repr=False)
    ignored: tuple[str, ...]


def document_read(value: object) -> Document:
    """Read a document (as `json.loads` gives it, numbers with a point as Decimal or float).

    Raises `RotationInvalid` for the first thing that is wrong.
    """
    reader = _Reader()
    problem = reader.problem(value)
    problem_check(problem)
    return Document(problem, reader.ids, tuple(reader.ignored))


def plan_json(plan: Plan, document: Document) -> dict[str, Any]:
    """Write a plan as a document; the shape is stable, fields may be added."""
    ids = document.ids
    return {
        "assignments": [{"activity": ids[pair.activity], "unit": ids[pair.unit]} for pair in plan.assignments],
        "optimal": plan.is_optimal,
        "spread": plan.spread,
        "clashes": [],
        "running": plan.running,
        "repeats": plan.repeats,
        "changes": plan.changes,
        "way": plan.way,
        "accounts": [
            {
                "unit": ids[account.unit],
                "held": account.held,
                "planned": account.planned,
                "share": round(float(account.share), 3),
                "standing": account.standing,
            }
            for account in plan.accounts
        ],
    }


def clashes_json(clashes: Sequence[Clash], document: Document) -> dict[str, Any]:
    """Write the clashes that stand where there is no plan; the spread of no plan is null."""
    ids = document.ids
    told = [
        {
            "activities": [ids[activity] for activity in clash.activities],
            "wishes": [
                {"kind": wish.kind, "unit": ids[wish.unit], "text": wish.text}
                | ({"activity": ids[wish.activity]} if wish.activity else {})
                for wish in clash.wishes
            ],
            "text": clash.text,
        }
        for clash in clashes
    ]
    return {"assignments": [], "optimal": False, "spread": None, "clashes": told}


class _Reader:
    """Walks a document, keeping the ids as they were written and the fields that it does not know."""

    def __init__(self) -> None:
        self.ids: dict[str, Id] = {}
        self.ignored: list[str] = []

    def problem(self, value: object) -> Problem:
        whole = self._object("the document", value, "")
        for required in ("units", "activities"):
            if required not in whole:
                raise RotationInvalid("the document", f'it has no "{required}"; add the list, even an empty one')
        rule = whole.get("rule", RULES[0])
        if not isinstance(rule, str):
            raise RotationInvalid("rule", f"it must be one of {', '.join(RULES)}, not {_said(rule)}")
        return Problem(
            units=tuple(self._unit(*item) for item in self._list("units", whole)),
            activities=tuple(self._activity(*item) for item in self._list("activities", whole)),
            history=tuple(self._held(*item) for item in self._list("history", whole)),
            fixed=tuple(self._pair(*item) for item in self._list("fixed", whole)),
            previous=tuple(self._pair(*item) for item in self._list("previous", whole)),
            rule=cast(Rule, rule),
            name=_text("name", whole.get("name")),
        )

    def _unit(self, place: str, value: object) -> Unit:
        unit = self._object(place, value, "units")
        kinds = unit.get("kinds")
        return Unit(
            id=self._id(place, unit, "id"),
            weight=_weight(f"{place}.weight", unit.get("weight", 1)),
            unavailable=tuple(
                _period(*item) for item in _items(f"{place}.unavailable", unit.get("unavailable"), "ranges of days")
            ),
            memberships=_memberships(place, unit),
            kinds=None
            if kinds is None
            else frozenset(_text(*item) for item in _items(f"{place}.kinds", kinds, "kinds")),
            most=None if unit.get("most") is None else _whole(f"{place}.most", unit["most"]),
            owed=0 if unit.get("owed") is None else _whole(f"{place}.owed", unit["owed"]),
            name=_text(f"{place}.name", unit.get("name")),
        )

    def _activity(self, place: str, value: object) -> Activity:
        activity = self._object(place, value, "activities")
        return Activity(
            id=self._id(place, activity, "id"),
            day=_day(f"{place}.date", activity.get("date")),
            kind=_text(f"{place}.kind", activity.get("kind")),
            title=_text(f"{place}.title", activity.get("title")),
        )

    def _held(self, place: str, value: object) -> Held:
        held = self._object(place, value, "history")
        day = _day(f"{place}.date", held.get("date"))
        return Held(unit=self._id(place, held, "unit"), day=day, kind=_text(f"{place}.kind", held.get("kind")))

    def _pair(self, place: str, value: object) -> Assignment:
        pair = self._object(place, value, "fixed")
        return Assignment(self._id(place, pair, "activity"), self._id(place, pair, "unit"))

    def _object(self, place: str, value: object, known_as: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise RotationInvalid(place, f"it must be an object in braces, not {_said(value)}")
        at = f"{place}." if known_as else ""
        self.ignored += [f"{at}{name}" for name in value if name not in _FIELDS[known_as]]
        return value

    def _list(self, name: str, whole: dict[str, Any]) -> list[tuple[str, object]]:
        return _items(name, whole.get(name), "objects")

    def _id(self, place: str, value: dict[str, Any], name: str) -> str:
        written = value.get(name)
        if isinstance(written, bool) or not isinstance(written, str | int):
            raise RotationInvalid(f"{place}.{name}", f"it must be a text or a whole number, not {_said(written)}")
        read = _printable(f"{place}.{name}", str(written).strip())
        if not read:
            raise RotationInvalid(f"{place}.{name}", "it is empty; write the id")
        self.ids.setdefault(read, written)
        return read


def _memberships(place: str, unit: dict[str, Any]) -> tuple[Period, ...]:
    joined, left, stays = unit.get("joined"), unit.get("left"), unit.get("memberships")
    if stays is not None:
        if joined is not None or left is not None:
            raise RotationInvalid(f"{place}.memberships", "it stands beside joined or left; write either, not both")
        return tuple(_period(*item, is_open=True) for item in _items(f"{place}.memberships", stays, "ranges of days"))
    if joined is None and left is None:
        return (ALWAYS,)
    first = date.min if joined is None else _day(f"{place}.joined", joined)
    last = date.max if left is None else _day(f"{place}.left", left)
    if last < first:
        raise RotationInvalid(
            f"{place}.left", f"{last} comes before {first}, the day it joined; if it came back, write memberships"
        )
    return (Period(first, last),)


def _items(place: str, value: object, of: str) -> list[tuple[str, object]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise RotationInvalid(place, f"it must be a list of {of}, not {_said(value)}")
    return [(f"{place}[{at}]", item) for at, item in enumerate(value)]


def _period(place: str, value: object, *, is_open: bool = False) -> Period:
    if not isinstance(value, list) or len(value) != 2:
        raise RotationInvalid(
            place, f'it must be two days, ["2027-02-01", "2027-03-01"], both included, not {_said(value)}'
        )
    first = date.min if is_open and value[0] is None else _day(f"{place}[0]", value[0])
    last = date.max if is_open and value[1] is None else _day(f"{place}[1]", value[1])
    return Period(first, last)


def _day(place: str, value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise RotationInvalid(place, f"there is no day {value}; look at the calendar") from None
    raise RotationInvalid(place, f"it must be a day written as 2027-02-01, not {_said(value)}")


def _text(place: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RotationInvalid(place, f"it must be a text, not {_said(value)}")
    return _printable(place, value)


def _printable(place: str, value: str) -> str:
    """Refuse what no calendar and no terminal can show: control characters and halves of characters."""
    bad = next((letter for letter in value if unicodedata.category(letter) in {"Cc", "Cs"}), None)
    if bad is not None:
        raise RotationInvalid(place, f"it holds U+{ord(bad):04X}, which is no letter; write it anew")
    return value


def _whole(place: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1_000_000:
        raise RotationInvalid(place, f"it must be a whole number of at most a million, not {_said(value)}")
    return value


def _weight(place: str, value: object) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise RotationInvalid(place, f"it must be a number above 0, not {_said(value)}; leave it out for 1")
    number = Decimal(str(value))
    if not number.is_finite() or number <= 0 or not Decimal("1e-6") <= number <= Decimal("1e9"):
        raise RotationInvalid(
            place,
            f"it must be a number above 0, from a millionth to a milliard, not {_said(value)}; leave it out for 1",
        )
    weight = Fraction(number)
    return int(weight) if weight.denominator == 1 else weight


def _said(value: object) -> str:
    """Name a value in a refusal, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    told = str(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else repr(value)
    return told if len(told) <= 40 else f"{told[:40]}…"
