"""The JSON of a rotation read and written, and its calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from yiting.methods.rotations import (
    ALWAYS,
    Activity,
    Held,
    Period,
    Problem,
    RotationImpossible,
    RotationInvalid,
    Unit,
    clashes_json,
    document_read,
    plan_calendar,
    plan_json,
    rotation_plan,
)

STAMP = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


def document(**change: object) -> dict:
    return {
        "units": [{"id": "A", "weight": 1, "unavailable": [["2027-02-01", "2027-03-01"]]}, {"id": "B"}],
        "activities": [
            {"id": "a1", "date": "2027-02-15", "kind": "学"},
            {"id": "a2", "date": "2027-03-01", "kind": "办"},
            {"id": "a3", "date": "2027-03-02", "kind": "学"},
        ],
        "history": [{"unit": "A", "date": "2026-12-01"}],
    } | change


def test_a_document_becomes_a_problem() -> None:
    read = document_read(document())
    assert read.ignored == ()
    assert read.problem == Problem(
        units=(Unit(id="A", unavailable=(Period(date(2027, 2, 1), date(2027, 3, 1)),)), Unit(id="B")),
        activities=(
            Activity(id="a1", day=date(2027, 2, 15), kind="学"),
            Activity(id="a2", day=date(2027, 3, 1), kind="办"),
            Activity(id="a3", day=date(2027, 3, 2), kind="学"),
        ),
        history=(Held(unit="A", day=date(2026, 12, 1)),),
    )


def test_the_plan_is_written_in_its_stable_shape() -> None:
    read = document_read(document())
    written = plan_json(rotation_plan(read.problem), read)
    assert written["assignments"] == [
        {"activity": "a1", "unit": "B"},
        {"activity": "a2", "unit": "B"},
        {"activity": "a3", "unit": "A"},
    ]
    assert (written["optimal"], written["spread"], written["clashes"]) == (True, 0, [])
    assert (written["running"], written["repeats"], written["changes"], written["way"]) == (1, 0, 0, "exact")
    assert written["accounts"] == [
        {"unit": "A", "held": 1, "planned": 1, "share": 2.0, "standing": 0},
        {"unit": "B", "held": 0, "planned": 2, "share": 2.0, "standing": 0},
    ]


def test_every_further_field_is_read() -> None:
    read = document_read(
        {
            "name": "智算未来",
            "rule": "season",
            "units": [
                {"id": "A", "name": "甲", "weight": Decimal("1.5"), "joined": "2026-05-01", "left": "2027-05-01"},
                {"id": "B", "memberships": [[None, "2026-01-31"], ["2027-01-01", None]], "kinds": ["学"]},
                {"id": "C", "most": 2, "owed": -1, "weight": 2.0},
            ],
            "activities": [{"id": "a1", "date": "2027-02-15", "kind": "学", "title": "联学"}],
            "fixed": [{"activity": "a1", "unit": "C"}],
            "previous": [{"activity": "a9", "unit": "Z"}],
        }
    )
    a, b, c = read.problem.units
    assert (a.name, a.weight, a.memberships) == ("甲", Fraction(3, 2), (Period(date(2026, 5, 1), date(2027, 5, 1)),))
    assert b.memberships == (Period(last=date(2026, 1, 31)), Period(date(2027, 1, 1)))
    assert b.kinds == {"学"}
    assert (c.most, c.owed, c.weight, c.memberships) == (2, -1, 2, (ALWAYS,))
    assert (read.problem.name, read.problem.rule, read.problem.activities[0].title) == ("智算未来", "season", "联学")
    assert read.problem.fixed[0].unit == "C"
    assert read.ignored == ()


def test_ids_that_are_numbers_come_back_as_numbers() -> None:
    read = document_read({"units": [{"id": 7}], "activities": [{"id": 1, "date": "2027-01-01"}]})
    assert plan_json(rotation_plan(read.problem), read)["assignments"] == [{"activity": 1, "unit": 7}]


def test_fields_that_are_not_known_are_named() -> None:
    read = document_read(document(title="x", units=[{"id": "A", "unavailble": []}]) | {"history": []})
    assert read.ignored == ("title", "units[0].unavailble")


def test_clashes_are_written_with_their_wishes() -> None:
    away = [["2027-02-15", "2027-02-15"]]
    read = document_read(document(units=[{"id": 1, "unavailable": away}], history=[]))
    with pytest.raises(RotationImpossible) as caught:
        rotation_plan(read.problem)
    written = clashes_json(caught.value.clashes, read)
    assert (written["assignments"], written["optimal"], written["spread"]) == ([], False, None)
    assert written["clashes"] == [
        {
            "activities": ["a1"],
            "wishes": [{"kind": "unavailable", "unit": 1, "text": "1 is unavailable on 2027-02-15"}],
            "text": "no host for a1 (2027-02-15) while 1 is unavailable on 2027-02-15",
        }
    ]
    pinned = [{"activity": "a1", "unit": 1}]
    both = document_read(document(units=[{"id": 1, "unavailable": away}, {"id": 2}], history=[], fixed=pinned))
    with pytest.raises(RotationImpossible) as caught:
        rotation_plan(both.problem)
    fixed = clashes_json(caught.value.clashes, both)["clashes"][0]["wishes"][1]
    assert fixed == {"kind": "fixed", "unit": 1, "activity": "a1", "text": "a1 is fixed for 1"}


@pytest.mark.parametrize(
    ("value", "place", "words"),
    [
        ([], "the document", "object in braces"),
        ({"units": []}, "the document", '"activities"'),
        (document(units={}), "units", "list of objects"),
        (document(units=["A"]), "units[0]", "object in braces"),
        (document(units=[{}]), "units[0].id", "not nothing"),
        (document(units=[{"id": True}]), "units[0].id", "not True"),
        (document(units=[{"id": "  "}]), "units[0].id", "empty"),
        (document(units=[{"id": "A\x07"}]), "units[0].id", "U+0007"),
        (document(units=[{"id": "\ud800"}]), "units[0].id", "U+D800"),
        (document(units=[{"id": 1}, {"id": "1"}]), "units[1].id", "already"),
        (document(units=[{"id": "A", "weight": 0}]), "units[0].weight", "above 0"),
        (document(units=[{"id": "A", "weight": -2}]), "units[0].weight", "above 0"),
        (document(units=[{"id": "A", "weight": "2"}]), "units[0].weight", "not '2'"),
        (document(units=[{"id": "A", "weight": float("nan")}]), "units[0].weight", "above 0"),
        (document(units=[{"id": "A", "weight": True}]), "units[0].weight", "not True"),
        (document(units=[{"id": "A", "unavailable": "2027-02-01"}]), "units[0].unavailable", "list of ranges"),
        (document(units=[{"id": "A", "unavailable": [["2027-02-01"]]}]), "units[0].unavailable[0]", "two days"),
        (
            document(units=[{"id": "A", "unavailable": [["2027-02-01", "2027-02-30"]]}]),
            "units[0].unavailable[0][1]",
            "no day 2027-02-30",
        ),
        (
            document(units=[{"id": "A", "unavailable": [["2027-03-01", "2027-02-01"]]}], history=[]),
            "units[0].unavailable[0]",
            "earlier day first",
        ),
        (document(units=[{"id": "A", "joined": "2027-03-01", "left": "2027-02-01"}]), "units[0].left", "came back"),
        (document(units=[{"id": "A", "joined": "2027-03-01", "memberships": []}]), "units[0].memberships", "not both"),
        (document(units=[{"id": "A", "kinds": "学"}]), "units[0].kinds", "list of kinds"),
        (document(units=[{"id": "A", "kinds": [1]}]), "units[0].kinds[0]", "text"),
        (document(units=[{"id": "A", "most": 1.5}]), "units[0].most", "whole number"),
        (document(units=[{"id": "A", "owed": 10**9}]), "units[0].owed", "whole number"),
        (document(units=[{"id": "A", "name": []}]), "units[0].name", "not a list"),
        (document(activities=[{"id": "a", "date": "01/02/2027"}]), "activities[0].date", "2027-02-01"),
        (document(activities=[{"id": "a", "date": "20270201"}]), "activities[0].date", "2027-02-01"),
        (document(activities=[{"id": "a", "date": "2027-02-01T08:00"}]), "activities[0].date", "2027-02-01"),
        (document(activities=[{"id": "a", "date": "0000-01-01"}]), "activities[0].date", "no day"),
        (document(activities=[{"id": "a"}]), "activities[0].date", "not nothing"),
        (document(activities=[{"id": "a", "date": "2027-01-01"}] * 2), "activities[1].id", "already"),
        (document(history=[{"unit": "Z", "date": "2026-01-01"}]), "history[0].unit", "not known"),
        (document(history=[{"unit": "A"}]), "history[0].date", "not nothing"),
        (document(rule="monthly"), "rule", "activity, season"),
        (document(rule=3), "rule", "activity, season"),
        (document(fixed=[{"activity": "a1", "unit": "Z"}]), "fixed[0].unit", "not known"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(value: object, place: str, words: str) -> None:
    with pytest.raises(RotationInvalid) as caught:
        document_read(value)
    assert caught.value.place == place
    assert words in caught.value.reason


def lines_of(written: bytes) -> list[str]:
    """Take an iCalendar apart by the letter of RFC 5545 section 3.1: lines end in CRLF, of 75 bytes at most."""
    assert written.endswith(b"\r\n")
    folded = written[:-2].split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in folded)
    lines: list[bytes] = []
    for line in folded:
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode() for line in lines]


def test_the_calendar_has_an_event_of_a_whole_day_for_each_activity() -> None:
    long = "联学；" * 30
    value = document(name="智算未来") | {"units": [{"id": "A", "name": "甲, 乙"}], "history": []}
    value["activities"][0]["title"] = long
    read = document_read(value)
    lines = lines_of(plan_calendar(read.problem, rotation_plan(read.problem), stamp=STAMP))
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0", "X-WR-CALNAME:智算未来"} <= set(lines)
    assert lines.count("BEGIN:VEVENT") == 3
    assert lines.count("DTSTAMP:20261201T083000Z") == 3
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20270215",
        "DTSTART;VALUE=DATE:20270301",
        "DTSTART;VALUE=DATE:20270302",
    ]
    assert [line for line in lines if line.startswith("SUMMARY")] == [
        f"SUMMARY:{long} · 甲\\, 乙",
        "SUMMARY:办 · 甲\\, 乙",
        "SUMMARY:学 · 甲\\, 乙",
    ]
    assert len({line for line in lines if line.startswith("UID:")}) == 3


def test_an_event_keeps_its_uid_when_host_and_day_change() -> None:
    def uids(value: dict) -> list[str]:
        read = document_read(value)
        lines = lines_of(plan_calendar(read.problem, rotation_plan(read.problem), stamp=STAMP))
        return [line for line in lines if line.startswith("UID:")]

    one = document(units=[{"id": "A"}], history=[])
    other = document(units=[{"id": "B"}], history=[])
    other["activities"][0]["date"] = "2027-02-16"
    assert uids(one) == uids(other)
    assert not set(uids(one)) & set(uids(one | {"name": "another alliance"}))


def test_a_calendar_of_nothing_is_whole_and_a_stamp_needs_its_zone() -> None:
    empty = Problem(units=(), activities=())
    assert lines_of(plan_calendar(empty, rotation_plan(empty), stamp=STAMP))[-1] == "END:VCALENDAR"
    with pytest.raises(ValueError, match="zone"):
        plan_calendar(empty, rotation_plan(empty), stamp=STAMP.replace(tzinfo=None))


def test_the_last_day_there_is_can_be_planned() -> None:
    read = document_read({"units": [{"id": "A"}], "activities": [{"id": "a", "date": "9999-12-31"}]})
    assert b"DTSTART;VALUE=DATE:99991231" in plan_calendar(read.problem, rotation_plan(read.problem), stamp=STAMP)
