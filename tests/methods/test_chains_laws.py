"""What holds of every chain: nothing left out, layers that point down, nothing on top of another, any order."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.chains import KINDS, Relation, layers, path_between
from yiting.methods.chains.layering import line_of
from yiting.methods.chains.ordering import crossings, linked, ordered

NAMES = "abcdefghij"

relations = st.sets(
    st.builds(Relation, st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(KINDS)).filter(
        lambda relation: relation.source != relation.target
    ),
    max_size=24,
)


@settings(max_examples=100, deadline=None)
@given(relations)
def test_every_relation_is_drawn_and_points_down_but_those_told(chain: set[Relation]) -> None:
    drawing = layers(chain)
    assert [edge.relation for edge in drawing.edges] == sorted(chain)
    node = {node.unit: node for node in drawing.nodes}
    for edge in drawing.edges:
        source, target = node[edge.relation.source], node[edge.relation.target]
        assert (source.layer > target.layer) == edge.is_reversed
        assert source.layer != target.layer
        assert (edge.points[0][1], edge.points[-1][1]) == (source.y, target.y)
        assert len(edge.points) == abs(source.layer - target.layer) + 1
        assert {abs(one[1] - other[1]) for one, other in pairwise(edge.points)} == {96}


@settings(max_examples=100, deadline=None)
@given(relations)
def test_turning_the_told_relations_round_leaves_no_circle(chain: set[Relation]) -> None:
    """Without a circle nothing is told; with one, the fewest need not be, but not more than half are."""
    drawing = layers(chain)
    turned = [edge for edge in drawing.edges if edge.is_reversed]
    pairs = {(relation.source, relation.target) for relation in chain}
    told = {(edge.relation.source, edge.relation.target) for edge in turned}
    assert len(told) <= len(pairs) / 2
    straight = [edge.relation for edge in drawing.edges if not edge.is_reversed]
    assert not any(edge.is_reversed for edge in layers(straight).edges)


@settings(max_examples=100, deadline=None)
@given(relations, st.sets(st.sampled_from([*NAMES, "x", "y", "z"])))
def test_boxes_and_bends_keep_their_distance_on_the_sheet(chain: set[Relation], units: set[str]) -> None:
    drawing = layers(chain, units=units)
    assert {node.unit for node in drawing.nodes} == units | {u for r in chain for u in (r.source, r.target)}
    for one in drawing.nodes:
        assert 80 <= one.x <= drawing.width - 80
        assert 48 <= one.y <= drawing.height - 48
        others = [other.x for other in drawing.nodes if other.layer == one.layer and other is not one]
        assert all(abs(other - one.x) >= 160 for other in others)
    for edge in drawing.edges:
        assert all(0 <= x <= drawing.width for x, _ in edge.points)


@settings(max_examples=60, deadline=None)
@given(relations, st.randoms(use_true_random=False))
def test_the_order_given_changes_nothing(chain: set[Relation], chance: random.Random) -> None:
    mixed = chance.sample(sorted(chain), len(chain))
    assert layers(mixed) == layers(sorted(chain))
    assert path_between(mixed, "a", "b") == path_between(sorted(chain), "a", "b")


@settings(max_examples=100, deadline=None)
@given(relations, st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_a_path_is_walked_on_relations_and_none_is_shorter(chain: set[Relation], a: str, b: str) -> None:
    beside = {name: set[str]() for name in NAMES}
    for relation in chain:
        beside[relation.source].add(relation.target)
        beside[relation.target].add(relation.source)
    reached, steps = {a}, 0
    while b not in reached:
        wider = reached.union(*(beside[name] for name in reached))
        if wider == reached:
            assert path_between(chain, a, b) is None
            return
        reached, steps = wider, steps + 1
    path = path_between(chain, a, b)
    assert path is not None
    assert len(path) == steps
    at = a
    for step in path:
        ends = (step.source, step.target) if step.is_forward else (step.target, step.source)
        assert Relation(*ends, step.kind) in chain
        assert step.source == at
        at = step.target
    assert at == b


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_sweeps_never_add_crossings(links: set[tuple[int, int]]) -> None:
    ways = [[(f"u{upper}",), (f"v{lower}",)] for upper, lower in sorted(links)]
    up, down = linked(ways)
    rows = [[(f"{side}{at}",) for at in range(6)] for side in "uv"]
    made = ordered(rows, up, down)
    assert [sorted(row) for row in made] == rows
    brute = sum((one[0] - other[0]) * (one[1] - other[1]) < 0 for one in links for other in links if one < other)
    assert crossings(rows, down) == brute
    assert crossings(made, down) <= brute


def test_the_line_has_every_unit_once() -> None:
    pairs = frozenset({("a", "b"), ("b", "a"), ("b", "c")})
    assert sorted(line_of("abcd", pairs)) == list("abcd")
