"""An industry chain: paths between units, what is missing, and the drawing of plain cases."""

from __future__ import annotations

import time
from random import Random

import pytest

from yiting.methods.chains import ChainInvalid, Gap, Offering, Relation, Step, Wanting, gaps, layers, path_between


def supply(text: str) -> list[Relation]:
    """Relations of supply written as "ab bc"."""
    return [Relation(pair[0], pair[1], "supply") for pair in text.split()]


def test_a_path_is_the_shortest_and_tells_kinds_and_directions() -> None:
    relations = [*supply("ab bc cd"), Relation("d", "a", "research")]
    assert path_between(relations, "a", "c") == (Step("a", "b", "supply", True), Step("b", "c", "supply", True))
    assert path_between(relations, "a", "d") == (Step("a", "d", "research", False),)


def test_a_path_to_itself_is_empty_and_a_missing_path_is_none() -> None:
    assert path_between(supply("ab"), "a", "a") == ()
    assert path_between(supply("ab cd"), "a", "d") is None
    assert path_between([], "a", "b") is None


def test_among_paths_of_one_length_the_forward_one_is_taken_and_then_by_id() -> None:
    assert path_between(supply("ca cz ab zb"), "c", "b") == (
        Step("c", "a", "supply", True),
        Step("a", "b", "supply", True),
    )
    steps = path_between(supply("ac ab bd cd"), "a", "d")
    assert steps is not None
    assert [step.target for step in steps] == ["b", "d"]
    steps = path_between(supply("ba bd az zd"), "a", "d")
    assert steps is not None
    assert [(step.target, step.is_forward) for step in steps] == [("z", True), ("d", True)]


def test_a_step_between_units_related_twice_is_forward_if_it_can_be() -> None:
    both = [Relation("b", "a", "supply"), Relation("a", "b", "service"), Relation("a", "b", "research")]
    assert path_between(both, "a", "b") == (Step("a", "b", "research", True),)
    assert path_between(both, "b", "a") == (Step("b", "a", "supply", True),)


def test_gaps_are_what_three_ask_for_and_nobody_or_one_alone_offers() -> None:
    wanted = [Wanting(unit, "cooling") for unit in "abc"] + [Wanting(unit, "legal advice") for unit in "abcd"]
    wanted += [Wanting(unit, "hall") for unit in "ab"] + [Wanting(unit, "bus") for unit in "abcd"]
    wanted += [Wanting("a", "cooling")]
    offered = [Offering("d", "legal advice"), Offering("e", "bus"), Offering("f", "bus"), Offering("d", "legal advice")]
    assert gaps(offered, wanted) == (
        Gap("cooling", ("a", "b", "c"), ()),
        Gap("legal advice", ("a", "b", "c"), ("d",)),
    )
    assert [gap.kind for gap in gaps(offered, wanted, least=2)] == ["cooling", "hall", "legal advice"]
    assert gaps(offered, wanted, least=5) == ()
    assert gaps([], []) == ()


def test_a_chain_is_drawn_from_the_top_down() -> None:
    drawing = layers(supply("ab bc ac"), across=100, down=50)
    assert {node.unit: node.layer for node in drawing.nodes} == {"a": 0, "b": 1, "c": 2}
    assert [node.y for node in drawing.nodes] == [25, 75, 125]
    long = next(edge for edge in drawing.edges if (edge.relation.source, edge.relation.target) == ("a", "c"))
    assert [y for _, y in long.points] == [25, 75, 125]
    middle = next(node for node in drawing.nodes if node.unit == "b")
    assert abs(long.points[1][0] - middle.x) >= 100
    assert drawing.height == 150


def test_a_circle_turns_one_relation_round() -> None:
    drawing = layers(supply("ab bc ca"))
    (turned,) = (edge for edge in drawing.edges if edge.is_reversed)
    assert turned.points[0][1] > turned.points[-1][1]


def test_crossings_that_need_not_be_are_taken_out() -> None:
    """a1 b1 go to b2 a2 by name, which would cross if layers stood in the order of names."""
    relations = [Relation("a", "z", "supply"), Relation("b", "y", "supply"), Relation("c", "x", "supply")]
    x = {node.unit: node.x for node in layers(relations).nodes}
    assert (x["a"] < x["b"] < x["c"]) == (x["z"] < x["y"] < x["x"])
    assert (x["a"] > x["b"] > x["c"]) == (x["z"] > x["y"] > x["x"])


def test_relations_between_the_same_two_are_drawn_beside_each_other() -> None:
    both = [Relation("a", "b", "supply"), Relation("a", "b", "service"), Relation("b", "a", "research")]
    assert len({edge.points[0][0] for edge in layers(both).edges}) == 3


def test_units_without_relations_stand_below_in_rows() -> None:
    drawing = layers(supply("ab"), units=["a", "x1", "x2", "x3", "x4", "x5"])
    single = [node for node in drawing.nodes if node.unit.startswith("x")]
    assert min(node.layer for node in single) == 2
    assert len({(node.x, node.y) for node in single}) == 5
    assert layers([]).nodes == ()
    assert (layers([]).width, layers([]).height) == (80, 0)


@pytest.mark.parametrize(
    ("relations", "reason"),
    [
        ([Relation("a", "a", "supply")], "a to a: a unit has no relation to itself"),
        ([Relation("", "a", "supply")], "a unit is empty"),
        ([Relation("a", "b", "friendship")], "'friendship' is no kind of relation; write one of supply"),
    ],
)
def test_what_is_no_relation_is_refused(relations: list[Relation], reason: str) -> None:
    for work in (layers, lambda given: path_between(given, "a", "b")):
        with pytest.raises(ChainInvalid, match=reason):
            work(relations)


def test_what_is_no_drawing_or_no_gap_is_refused() -> None:
    with pytest.raises(ChainInvalid, match="write 1 or more"):
        layers([], across=0)
    with pytest.raises(ChainInvalid, match="a unit is empty"):
        layers([], units=[""])
    with pytest.raises(ChainInvalid, match="least: 0 units"):
        gaps([], [], least=0)


def test_two_hundred_units_are_drawn_in_less_than_a_second() -> None:
    chance = Random(1)
    names = [f"u{at:03}" for at in range(200)]
    relations = {Relation(*chance.sample(names, 2), chance.choice(("supply", "research"))) for _ in range(320)}
    start = time.process_time()
    drawing = layers(relations, units=names)
    assert time.process_time() - start < 1
    assert len(drawing.nodes) == 200
