"""Partitions on Dask: the same groups with the same names as on one machine, however the texts are parted."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise

import dask
import pytest
from dask import bag
from dask.delayed import Delayed, delayed
from distributed import Client, LocalCluster

from tests.methods.test_texts_duplicates import LAMP, NOISE, mistyped
from yiting.methods.texts import ContradictoryLinks, duplicates, partitions
from yiting.methods.texts.duplicates.banding import LEADERS
from yiting.methods.texts.extras import ExtraMissing
from yiting.methods.texts.partitions import parts

ESTATES = ("仁和家园", "恒大华府", "金桂苑", "翠湖小区")
Row = tuple[str, str, str | None]


def wish(chance: random.Random) -> str:
    """A message about nothing, of an estate, out of a few sentences that others use, too."""
    sentences = [LAMP[i : i + 18] + NOISE[-i - 20 : -i - 2] for i in range(0, 40, 5)]
    own = "".join(chr(chance.randrange(0x4E00, 0x5E00)) for _ in range(30))
    return f"{chance.choice(ESTATES)}{own}。{chance.choice(sentences)}。"


def made(size: int, seed: int) -> list[Row]:
    """Messages with planted copies, exact and edited, twins of other places, crowds, and texts without a letter."""
    chance = random.Random(seed)
    rows: list[Row] = []
    crowds = [12 * LEADERS, 5 * LEADERS, *[1] * 20]
    while len(rows) < size:
        number = crowds.pop(0) if crowds else chance.choice((1, 1, 1, 2, 2, 3, 5))
        text = wish(chance)
        twin = text.replace(text[:4], chance.choice(ESTATES))
        for _ in range(number):
            copy = mistyped(chance.choice((text, text, twin)), chance.choice((0.0, 0.0, 0.04, 0.1)), chance.random())
            rows.append(("", copy, chance.choice((None, None, None, text[:4]))))
    rows += [("", "", None), ("", "？！", None), ("", "灯", None)]
    chance.shuffle(rows)
    return [(f"m{chance.random():.12f}", text, place) for _, text, place in rows]


def parted(rows: Sequence[Row], cuts: Sequence[int]) -> list[Delayed]:
    return [delayed(list)(rows[start:end]) for start, end in pairwise(cuts)]


def on_one_machine(rows: Sequence[Row], **more: object) -> dict[str, str]:
    ids, texts, places = ([row[field] for row in rows] for field in range(3))
    return duplicates.duplicate_groups(ids, texts, places=places, **more)  # type: ignore[arg-type]


@pytest.fixture
def two_workers() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.mark.slow
def test_two_workers_find_what_one_machine_finds(two_workers: Client) -> None:
    rows = made(3_000, seed=1)
    groups = partitions.duplicate_groups(bag.from_sequence(rows, npartitions=4))
    assert groups == on_one_machine(rows)
    sizes = sorted(list(groups.values()).count(name) for name in set(groups.values()))
    assert sizes[-1] > 4 * LEADERS
    assert len(sizes) > 1_000
    assert len(two_workers.scheduler_info()["workers"]) == 2


@pytest.mark.parametrize(
    "cuts", [[0, 600], [0, 0, 3, 3, 400, 401, 600, 600], [0, 150, 300, 450, 600]], ids=["one", "uneven", "even"]
)
def test_however_texts_are_parted_the_groups_are_the_same(cuts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    # small slices, so that bands are cut several times
    monkeypatch.setattr(partitions.grouping, "TEXTS_IN_A_SLICE", 200)
    rows = made(590, seed=2)
    ids = [id for id, _, _ in rows]
    known = on_one_machine(rows[:300])
    links = {"must_link": [(ids[0], ids[1])], "cannot_link": [(ids[2], ids[3])], "known": known}
    expected = on_one_machine(rows, **links)
    with dask.config.set(scheduler="synchronous"):
        found = partitions.duplicate_groups(parted(rows, [*cuts[:-1], len(rows)]), **links)  # type: ignore[arg-type]
    assert found == expected
    assert 1 < len(set(found.values())) < len(rows)


def test_a_crowd_spread_over_partitions_has_the_leaders_of_the_whole() -> None:
    rows: list[Row] = [(f"m{seed:03}", mistyped(LAMP, 0.12, seed), None) for seed in range(10 * LEADERS)]
    with dask.config.set(scheduler="synchronous"):
        found = partitions.duplicate_groups(parted(rows, range(0, len(rows) + 1, LEADERS)))
    assert found == on_one_machine(rows)


def test_copies_in_different_partitions_are_one_group_unless_places_differ() -> None:
    rows: list[Row] = [("a", LAMP, None), ("b", LAMP, None), ("c", NOISE, "仁和家园"), ("d", NOISE, "恒大华府")]
    with dask.config.set(scheduler="synchronous"):
        found = partitions.duplicate_groups(parted(rows, range(5)), known_places=frozenset(ESTATES))
    assert found == {"a": "a", "b": "a", "c": "c", "d": "d"}


def test_nothing_makes_no_groups_and_what_does_not_fit_is_refused() -> None:
    with dask.config.set(scheduler="synchronous"):
        assert partitions.duplicate_groups([]) == {}
        assert partitions.duplicate_groups(parted([], [0, 0, 0])) == {}
        assert partitions.duplicate_groups(parted([("a", "", None)], [0, 1])) == {"a": "a"}
        with pytest.raises(ValueError, match="id of its own"):
            partitions.duplicate_groups(parted([("a", LAMP, None), ("a", NOISE, None)], [0, 1, 2]))
        with pytest.raises(ContradictoryLinks):
            partitions.duplicate_groups(
                parted([("a", LAMP, None), ("b", NOISE, None)], [0, 1, 2]),
                must_link=[("a", "b")],
                cannot_link=[("a", "b")],
            )


def test_rows_may_leave_the_place_out() -> None:
    part = parts.signed_part(iter([("a", LAMP), ("b", NOISE, "仁和家园")]))
    assert part.picked == [None, "仁和家园"]


def test_a_bag_will_do() -> None:
    rows = [("a", LAMP), ("b", NOISE), ("c", LAMP)]
    with dask.config.set(scheduler="synchronous"):
        assert partitions.duplicate_groups(bag.from_sequence(rows, npartitions=2)) == {"a": "a", "b": "b", "c": "a"}


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'yiting\[dask\]'") as refused:
        importlib.reload(partitions)
    assert refused.value.extra == "dask"
