"""What holds of every analysis: the same in any order, near after an update, and never telling of a small group."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.opinions import (
    Analysis,
    Published,
    Votes,
    analyse,
    analysis_update,
    groups_published,
    next_statement,
    published,
    routing_weights,
    vote_added,
    votes_of,
)
from yiting.methods.opinions.analysis import _analysis
from yiting.methods.opinions.plane import plane_of
from yiting.methods.opinions.results import Method

Cast = list[tuple[str, str, int]]

METHODS: tuple[Method, ...] = ("stable", "polis")
few = settings(max_examples=10, deadline=None, derandomize=True)


@st.composite
def conversations(draw: st.DrawFn, least: int = 10, most: int = 40, loyal: float | None = None) -> Cast:
    """Camps of people who mostly answer as their camp does, and leave some statements out."""
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    people, statements = draw(st.integers(least, most)), draw(st.integers(7, 14))
    camps = draw(st.integers(1, 3))
    loyalty = draw(st.sampled_from((0.6, 0.8, 0.95))) if loyal is None else loyal
    leanings = chance.choice((-1, 1), (camps, statements))
    return [
        (f"person-{person:03}", f"s{at}", int(leanings[person % camps, at]))
        if chance.random() < loyalty
        else (f"person-{person:03}", f"s{at}", int(chance.integers(-1, 2)))
        for person in range(people)
        for at in range(statements)
        if chance.random() < 0.85
    ]


@few
@given(cast=conversations(), chance=st.randoms(use_true_random=False), method=st.sampled_from(METHODS))
def test_the_order_of_votes_changes_nothing(cast: Cast, chance: st.DataObject, method: Method) -> None:
    mixed = list(cast)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = votes_of(cast), votes_of(mixed)
    assert one.participants == other.participants
    assert analyse(one, method=method) == analyse(other, method=method) == analyse(one, method=method)


@few
@given(cast=conversations(), at=st.integers(0, 10_000), vote=st.sampled_from((-1, 0, 1)), who=st.integers(0, 60))
def test_a_vote_added_is_a_vote_cast(cast: Cast, at: int, vote: int, who: int) -> None:
    extra = (f"person-{who:03}", f"s{at % 16}", vote)
    added = vote_added(votes_of(cast), participant=extra[0], statement=extra[1], vote=vote)
    together = votes_of([*cast, extra])
    assert (added.participants, added.statements) == (together.participants, together.statements)
    for name in ("starts", "columns", "values"):
        assert (getattr(added, name) == getattr(together, name)).all()


@few
@given(cast=conversations(least=40, most=90, loyal=0.85), at=st.integers(0, 10_000), vote=st.sampled_from((-1, 0, 1)))
def test_an_update_is_near_a_full_analysis(cast: Cast, at: int, vote: int) -> None:
    votes = votes_of(cast)
    before = analyse(votes)
    person, statement, _ = cast[at % len(cast)]
    after = vote_added(votes, participant=person, statement=statement, vote=vote)
    updated, full = analysis_update(after, before), analyse(after, earlier=before.membership)
    assert len(updated.groups) == len(before.groups)
    assert [opinion.agrees for opinion in updated.opinions] == [opinion.agrees for opinion in full.opinions]
    if len(full.groups) == len(updated.groups):
        now, anew = updated.membership, full.membership
        assert now.keys() == anew.keys()
        assert sum(now[name] == anew[name] for name in anew) >= 0.95 * len(anew)


@few
@given(cast=conversations(), method=st.sampled_from(METHODS))
def test_groups_part_those_who_voted_enough(cast: Cast, method: Method) -> None:
    votes = votes_of(cast)
    found = analyse(votes, method=method)
    names = [name for group in found.groups for name in group.members] + list(found.ungrouped)
    assert sorted(names) == sorted(votes.participants)
    assert set(found.uniform) <= set(found.membership)
    assert (found.reason == "") == (len(found.groups) > 1)
    for opinion in found.opinions:
        assert len(opinion.by_group) == len(found.groups)
        assert sum(tally.agrees for tally in opinion.by_group) <= opinion.agrees


@few
@given(cast=conversations(), method=st.sampled_from(METHODS))
def test_groups_keep_their_numbers(cast: Cast, method: Method) -> None:
    found = analyse(votes_of(cast), method=method)
    earlier = {name: 10 - number for name, number in found.membership.items()}
    again = analyse(votes_of(cast), method=method, earlier=earlier)
    assert again.membership == earlier


def grouped(votes: Votes, labels: Sequence[int]) -> Analysis:
    """Make the analysis of groups that somebody else thought of."""
    rows = np.arange(len(votes.participants))
    compact = np.unique(np.array(labels), return_inverse=True)[1].reshape(-1)
    earlier = dict(zip(votes.participants, labels, strict=True))
    return _analysis(votes, "stable", "", plane_of(votes), rows, (compact, None, {}), earlier)


def partitions(things: Sequence[int]) -> Iterator[list[list[int]]]:
    """Give all ways to put things together."""
    if not things:
        yield []
        return
    for rest in partitions(things[1:]):
        yield [[things[0]], *rest]
        for at in range(len(rest)):
            yield [*rest[:at], [things[0], *rest[at]], *rest[at + 1 :]]


def without_places(shown: Published) -> Published:
    """Leave out the places, which are reckoned in floating numbers."""
    return replace(shown, groups=tuple(replace(group, x=0.0, y=0.0, spread=0.0) for group in shown.groups))


@few
@given(cast=conversations(most=24), least=st.integers(1, 12), chance=st.integers(0, 10_000))
def test_what_is_published_could_come_from_groups_that_are_large_enough(cast: Cast, least: int, chance: int) -> None:
    votes = votes_of(cast)
    drawn = np.random.default_rng(chance)
    labels = drawn.choice(4, len(votes.participants), p=(0.6, 0.2, 0.1, 0.1)).tolist()
    shown = published(grouped(votes, labels), least=least)
    if not shown.groups:
        assert len(votes.participants) < least
        return
    others = []
    for blocks in partitions(sorted(set(labels))):
        for names in itertools.product(*blocks):
            named = {label: name for block, name in zip(blocks, names, strict=True) for label in block}
            merged = [named[label] for label in labels]
            if all(merged.count(name) >= least for name in names):
                others.append(published(grouped(votes, merged), least=least))
    same = [other for other in others if without_places(other) == without_places(shown)]
    assert same
    for group, other in zip(shown.groups, same[0].groups, strict=True):
        assert (group.x, group.y, group.spread) == pytest.approx((other.x, other.y, other.spread), abs=1e-9)


@few
@given(cast=conversations(most=24), least=st.integers(1, 12), chance=st.integers(0, 10_000))
def test_every_group_is_published_under_one_that_is_shown(cast: Cast, least: int, chance: int) -> None:
    votes = votes_of(cast)
    draw = np.random.default_rng(chance)
    found = grouped(votes, draw.integers(0, 5, len(votes.participants)).tolist())
    shown, names = published(found, least=least), groups_published(found, least=least)
    sizes: Counter[int] = Counter()
    for group in found.groups:
        if names:
            sizes[names[group.id]] += group.size
    assert dict(sizes) == ({group.id: group.size for group in shown.groups} if len(shown.groups) > 1 else {})


@few
@given(cast=conversations(), least=st.integers(1, 12), method=st.sampled_from(METHODS))
def test_nothing_published_names_anybody_or_tells_of_few(cast: Cast, least: int, method: Method) -> None:
    shown = published(analyse(votes_of(cast), method=method), least=least)
    assert "person" not in str(asdict(shown))
    assert all(group.size >= least for group in shown.groups)
    assert sum(group.size for group in shown.groups) in {0, shown.participants}
    for opinion in shown.opinions:
        assert opinion.agrees + opinion.passes + opinion.disagrees >= least
        assert all(tally.votes == 0 or tally.votes >= least for tally in opinion.by_group)
        if opinion.by_group:
            assert sum(tally.agrees for tally in opinion.by_group) == opinion.agrees
    told = {opinion.statement_id for opinion in shown.opinions if opinion.by_group}
    assert {one.statement_id for group in shown.groups for one in group.representative} <= told
    assert {common.statement_id for common in shown.consensus} | {*shown.divisive, *shown.bridging} <= told


@few
@given(cast=conversations(), who=st.integers(0, 60), chance=st.floats(0, 1, exclude_max=True))
def test_the_next_statement_is_one_not_voted_on(cast: Cast, who: int, chance: float) -> None:
    votes = votes_of(cast)
    person = f"person-{who:03}"
    seen = {statement for name, statement, _ in cast if name == person}
    found = next_statement(votes, person, chance=chance, analysis=analyse(votes, method="polis"))
    assert (found is None) == (len(seen) == len(votes.statements))
    assert found not in seen
    assert all(weight > 0 for weight in routing_weights(votes, person).values())
