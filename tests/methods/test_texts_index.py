"""The index: what is found and why, the same whatever way it was filled, and odd texts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from yiting.methods.texts.index import Entry, TextIndex
from yiting.methods.texts.index import searching as searching_module

KNOWN = {
    "1": "仁和家园没有遮阳的地方。夏天老人没有地方乘凉，希望建一个凉亭。",
    "2": "小区垃圾没人清运。垃圾桶满了好几天，臭味很大，望尽快解决。",
    "3": "路灯坏了。东环路的路灯坏了半个月，晚上漆黑一片，望尽快解决。",
    "4": "想要一个能坐的亭子。下雨下雪时老人没处坐，建个亭子多好。",
    "5": "暖气不热。尊敬的书记您好，家里暖气只有十五度，望尽快解决。",
}
TEXTS = st.text(alphabet=st.sampled_from("老人没有凉亭路灯坏了垃圾臭望尽快解决。😀 a1\u202e\ud800"), max_size=30)
IDS = st.sampled_from("abcdefgh")
QUERIES = ("老人没有凉亭", "路灯坏了", "垃圾臭", "尽快解决", "a1a1", "亭")


def known(shelves: dict[str, int] | None = None) -> TextIndex:
    index = TextIndex.create()
    index.add(Entry(id, text, (shelves or {}).get(id, 0)) for id, text in KNOWN.items())
    return index


def answers(index: TextIndex) -> list[object]:
    return [index.search(query, k=5, floor=0.0) for query in QUERIES] + [
        index.search("老人没有凉亭路灯坏了", k=3, shelf=[0, 2], floor=0.0)
    ]


def test_the_same_wish_in_other_words_comes_first() -> None:
    found = known().search("老人想有个凉亭乘凉")
    assert found[0].id == "1"
    assert {"凉亭", "乘凉"} <= {word[:2] for word in found[0].shared} | set(found[0].shared)


def test_the_same_text_scores_one() -> None:
    for id, text in KNOWN.items():
        first = known().search(text)[0]
        assert (first.id, first.score) == (id, 1.0)


def test_width_script_and_punctuation_make_no_difference() -> None:
    index = TextIndex.create()
    index.add(Entry("1", "东环路的路灯坏了Ａ１"))
    assert index.search("東環路，的路燈壞了a1")[0].score == 1.0


def test_what_every_letter_says_finds_nothing() -> None:
    assert known().search("尊敬的书记您好，谢谢") == []


def test_shared_words_are_words_of_both() -> None:
    for similar in known().search("路灯坏了，晚上漆黑，老人没处坐", floor=0.0):
        assert all(2 <= len(word) <= 6 and word in KNOWN[similar.id] for word in similar.shared)
        assert similar.shared


def test_shelves_are_told_apart() -> None:
    index = known({"1": 1, "2": 2, "3": 3, "4": 2, "5": 1})
    assert [one.id for one in index.search("老人没有地方坐，凉亭亭子", shelf=2, floor=0.0)] == ["4"]
    assert {one.id for one in index.search("老人没有地方坐，凉亭亭子", shelf=[1, 2], floor=0.0)} == {"1", "4"}
    assert index.search("老人没有地方坐，凉亭亭子", shelf=[], floor=0.0) == []
    assert index.search("老人没有地方坐，凉亭亭子", shelf=9, floor=0.0) == []


def test_a_text_is_found_at_once_replaced_and_removed() -> None:
    index = known()
    index.add(Entry("6", "电梯又停了"))
    assert index.search("电梯停了")[0].id == "6"
    index.add(Entry("6", "井盖丢了"))
    assert index.search("电梯停了") == []
    assert index.search("井盖丢了")[0].id == "6"
    assert (len(index), "6" in index, sorted(index.ids())) == (6, True, ["1", "2", "3", "4", "5", "6"])
    assert (index.remove(["6", "7", "6"]), len(index), "6" in index) == (1, 5, False)
    assert index.search("井盖丢了") == []


def test_of_two_texts_with_one_id_the_last_stands() -> None:
    index = TextIndex.create()
    assert index.add([Entry("1", "电梯又停了"), Entry("1", "井盖丢了")]) == 2
    assert (len(index), index.search("电梯停了")) == (1, [])


def test_equals_go_by_id() -> None:
    index = TextIndex.create()
    index.add(Entry(str(i), "东环路的路灯坏了") for i in range(40))
    assert [one.id for one in index.search("路灯坏了", k=3)] == ["0", "1", "10"]


def test_texts_beside_are_compared_in_place_of_those_here() -> None:
    index = known()
    beside = [Entry("3", "井盖丢了"), Entry("6", "路灯坏了半个月"), Entry("7", "路灯坏了半个月", shelf=4)]
    assert [one.id for one in index.search("路灯坏了半个月", beside=beside)] == ["6", "7"]
    assert [one.id for one in index.search("路灯坏了半个月", beside=beside, shelf=0)] == ["6"]
    assert [one.id for one in index.search("井盖丢了", beside=beside)] == ["3"]
    assert TextIndex.create().search("井盖丢了", beside=beside)[0].shared == ("井盖丢",)
    assert len(index.search("路灯坏了半个月", beside=beside, k=1)) == 1
    assert len(index) == 5


class Filling(RuleBasedStateMachine):
    """Whatever is added, replaced, removed and compacted: the answers are those of a fresh index of what is left."""

    def __init__(self) -> None:
        super().__init__()
        self.index = TextIndex.create()
        self.left: dict[str, Entry] = {}

    @rule(entries=st.lists(st.builds(Entry, IDS, TEXTS, st.integers(-1, 2)), max_size=6))
    def add(self, entries: list[Entry]) -> None:
        self.index.add(entries)
        self.left |= {entry.id: entry for entry in entries}

    @rule(ids=st.lists(IDS, max_size=4))
    def remove(self, ids: list[str]) -> None:
        assert self.index.remove(ids) == len(self.left.keys() & set(ids))
        self.left = {id: entry for id, entry in self.left.items() if id not in ids}

    @rule()
    def compact(self) -> None:
        self.index.compact()

    @invariant()
    def as_if_fresh(self) -> None:
        fresh = TextIndex.create()
        fresh.add(self.left[id] for id in sorted(self.left, reverse=True))
        assert answers(self.index) == answers(fresh)
        assert sorted(self.index.ids()) == sorted(self.left)
        assert len(self.index) == len(self.left)


TestFilling = Filling.TestCase
TestFilling.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


@given(st.lists(TEXTS, max_size=8), TEXTS, st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_scores_in_range_best_first_and_no_more_than_asked(bodies: list[str], text: str, k: int) -> None:
    index = TextIndex.create()
    index.add(Entry(str(i), body) for i, body in enumerate(bodies))
    found = index.search(text, k=k, floor=0.0)
    assert len(found) <= k
    assert all(0 < one.score <= 1 for one in found)
    assert [(-one.score, one.id) for one in found] == sorted((-one.score, one.id) for one in found)


@given(st.lists(TEXTS, min_size=1, max_size=12), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_parts_make_no_difference(bodies: list[str], always: int) -> None:
    """Many parts, as after many additions one by one, answer as one part does."""
    one, many = TextIndex.create(), TextIndex.create()
    entries = [Entry(str(i), body, i % 3) for i, body in enumerate(bodies)]
    one.add(entries)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yiting.methods.texts.index.textindex._ALWAYS_JOINED", 0)
        for entry in entries:
            many.add(entry)
        many.remove([str(always)])
        one.remove([str(always)])
        assert answers(one) == answers(many)


def test_reading_less_leaves_the_rarest_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    index = TextIndex.create()
    index.add(Entry(f"{i:03}", f"路灯坏了，编号{i}") for i in range(300))
    index.add(Entry("x", "路灯坏了，凉亭也坏了"))
    monkeypatch.setattr(searching_module, "MOST_READ", 20)
    for shelf in (None, 0, [0, 1]):
        assert index.search("路灯坏了凉亭", shelf=shelf)[0].id == "x"
        # all share the rest: of those the first few are compared
        assert 0 < len(index.search("路灯坏了", k=50, shelf=shelf, floor=0.0)) <= 20


@pytest.mark.parametrize("text", ["", "亭", "😀😀", "\u202e\u200f", "\ud800", "亭子" * 50_000, "\x00\x01ÿþ" * 2_000])
def test_odd_texts_are_stored_and_asked(text: str) -> None:
    index = known()
    index.add(Entry("odd", text))
    assert isinstance(index.search(text), list)
    assert TextIndex.create().search(text) == []
    assert index.search("路灯坏了")[0].id == "3"


def test_one_letter_finds_the_text_of_that_letter() -> None:
    index = known()
    index.add(Entry("6", "亭"))
    assert [(one.id, one.score) for one in index.search("亭")] == [("6", 1.0)]


def test_a_text_without_chinese_is_found() -> None:
    index = known()
    index.add(Entry("en", "The street lamp at the corner is broken"))
    assert index.search("broken street lamp")[0].id == "en"


def test_ten_megabytes_are_cut_and_quick() -> None:
    index = known()
    started = time.perf_counter()
    index.add(Entry("big", "东环路的路灯坏了半个月" * 1_000_000))
    assert index.search("路灯坏了半个月" * 1_000_000)[0].id == "big"
    assert time.perf_counter() - started < 5


@pytest.mark.slow
def test_a_quarter_of_a_million_of_the_same_text(tmp_path: Path) -> None:
    index = TextIndex.create(tmp_path / "index")
    index.add(Entry(str(i), "路灯坏了半个月") for i in range(250_000))
    index.add(Entry("x", "路灯坏了半个月，凉亭也坏了"))
    took = []
    for query in ("路灯坏了半个月", "凉亭坏了", "路灯坏了半个月"):
        started = time.perf_counter()
        found = index.search(query, k=5)
        took.append(time.perf_counter() - started)
        assert len(found) == (1 if query.startswith("凉") else 5)
    assert min(took) < 0.05
