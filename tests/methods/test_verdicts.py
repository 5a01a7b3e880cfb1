"""The tally of residents' verdicts: silence apart, and honest ranges for small numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from yiting.methods.verdicts import VERDICTS, Share, Verdict, tally, wilson

COUNTS = st.integers(min_value=0, max_value=5000)


def test_counts_silence_apart() -> None:
    counted = tally(306, {"solved": 120, "partly": 30, "not": 10}, excluded=6)
    assert (counted.base, counted.answered, counted.silent) == (300, 160, 140)
    assert counted.answered_share == 160 / 300
    assert [counted.solved.count, counted.partly.count, counted.not_solved.count] == [120, 30, 10]
    assert counted.solved.share is not None
    assert counted.solved.share.value == 0.75, "among those who answered, not among those asked"


def test_nobody_answered() -> None:
    counted = tally(40, {}, excluded=0)
    assert (counted.answered, counted.silent, counted.answered_share) == (0, 40, 0.0)
    assert counted.solved.share is counted.partly.share is counted.not_solved.share is None


def test_nobody_in_the_base() -> None:
    counted = tally(3, {"not": 0}, excluded=3)
    assert (counted.base, counted.silent, counted.answered_share) == (0, 0, None)


def test_one_answer_says_little() -> None:
    share = tally(10, {"solved": 1}).solved.share
    assert share is not None
    assert share.high == 1.0
    assert share.low == pytest.approx(0.2065, abs=1e-4)


@given(st.dictionaries(st.sampled_from(VERDICTS), COUNTS), COUNTS, COUNTS)
def test_parts_always_sum_to_the_asked(verdicts: dict[Verdict, int], silent: int, excluded: int) -> None:
    counted = tally(sum(verdicts.values()) + silent + excluded, verdicts, excluded)
    parts = [counted.solved, counted.partly, counted.not_solved]
    assert counted.silent == silent
    assert sum(part.count for part in parts) + counted.silent + counted.excluded == counted.asked
    shares = [part.share.value for part in parts if part.share]
    assert (math.isclose(sum(shares), 1.0) and len(shares) == 3) if counted.answered else not shares


@given(st.data(), st.integers(min_value=1, max_value=100_000))
def test_range_is_the_one_scipy_finds(data: st.DataObject, total: int) -> None:
    count = data.draw(st.integers(min_value=0, max_value=total))
    share = wilson(count, total)
    theirs = binomtest(count, total).proportion_ci(0.95, method="wilson")
    assert (share.low, share.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert 0.0 <= share.low <= share.value <= share.high <= 1.0


def test_range_narrows_with_more_answers_and_widens_with_certainty() -> None:
    few, many, surer = wilson(3, 4), wilson(300, 400), wilson(3, 4, z=2.576)
    assert surer.low < few.low < many.low < 0.75 < many.high < few.high < surer.high


def test_all_or_none() -> None:
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0
    assert isinstance(wilson(0, 7), Share)


@pytest.mark.parametrize(
    ("asked", "verdicts", "excluded", "reason"),
    [
        (10, {"silent": 1}, 0, "a verdict must be one of solved, partly, not, not silent"),
        (-1, {}, 0, "asked must be a whole number"),
        (10, {"solved": -1}, 0, "solved must be a whole number, 0 or more, not -1"),
        (10, {"not": 1.0}, 0, "not must be a whole number"),
        (True, {}, 0, "asked must be a whole number, 0 or more, not True"),
        (10, {}, -1, "excluded must be a whole number"),
        (10, {}, 11, "excluded must be from 0 to the 10 asked, not 11"),
        (10, {"solved": 5, "not": 4}, 2, "answers must be from 0 to the 8 in the base, not 9"),
    ],
)
def test_bad_counts(asked: int, verdicts: dict[Verdict, int], excluded: int, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tally(asked, verdicts, excluded)


@pytest.mark.parametrize(
    ("count", "total", "z", "reason"),
    [
        (0, 0, 1.96, "total above 0, not 0 of 0"),
        (3, 2, 1.96, "not 3 of 2"),
        (-1, 2, 1.96, "count must be a whole number"),
        (1, -2, 1.96, "total must be a whole number"),
        (1, 2, 0.0, "z must be above 0"),
        (1, 2, math.nan, "z must be above 0, not nan"),
    ],
)
def test_bad_ranges(count: int, total: int, z: float, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        wilson(count, total, z)
