"""The most similar known texts: order, range, and words that explain."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.texts import corpus_build, most_similar

KNOWN = [
    ("1", "仁和家园没有遮阳的地方", "夏天老人没有地方乘凉，希望建一个凉亭。"),
    ("2", "小区垃圾没人清运", "垃圾桶满了好几天，臭味很大，望尽快解决。"),
    ("3", "路灯坏了", "东环路的路灯坏了半个月，晚上漆黑一片，望尽快解决。"),
    ("4", "想要一个能坐的亭子", "下雨下雪时老人没处坐，建个亭子多好。"),
    ("5", "暖气不热", "尊敬的书记您好，家里暖气只有十五度，望尽快解决。"),
]
TEXTS = st.text(alphabet=st.sampled_from("老人没有凉亭路灯坏了垃圾臭望尽快解决。😀 a1\u202e"), max_size=30)


def test_the_same_wish_in_other_words_comes_first() -> None:
    found = most_similar(corpus_build(KNOWN), "老人想有个凉亭乘凉")
    assert found[0].id == "1"
    assert "凉亭" in found[0].shared


def test_the_same_text_scores_one() -> None:
    _, title, body = KNOWN[2]
    assert most_similar(corpus_build(KNOWN), f"{title}\n{body}")[0].score > 0.95


def test_boilerplate_alone_finds_nothing() -> None:
    assert most_similar(corpus_build(KNOWN), "尊敬的书记您好，谢谢") == []


def test_shared_words_are_whole() -> None:
    shared = most_similar(corpus_build(KNOWN), "路灯坏了，晚上漆黑")[0].shared
    assert "路灯" in "".join(shared)
    assert all(2 <= len(word) <= 6 for word in shared)


@given(st.lists(TEXTS, max_size=8), TEXTS, st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_scores_in_range_best_first_and_order_does_not_matter(bodies: list[str], text: str, k: int) -> None:
    known = [(str(i), "", body) for i, body in enumerate(bodies)]
    found = most_similar(corpus_build(known), text, k=k, floor=0.0)
    assert len(found) <= k
    assert all(0 < one.score <= 1 for one in found)
    assert [(-one.score, one.id) for one in found] == sorted((-one.score, one.id) for one in found)
    assert found == most_similar(corpus_build(known[::-1]), text, k=k, floor=0.0)


@pytest.mark.parametrize("text", ["", "亭", "😀😀", "\u202e\u200f", "亭子" * 50_000])
def test_odd_queries_are_answered(text: str) -> None:
    assert isinstance(most_similar(corpus_build(KNOWN), text), list)
    assert most_similar(corpus_build([]), text) == []


def test_ids_must_be_unique() -> None:
    with pytest.raises(ValueError, match="id of its own"):
        corpus_build([("1", "a", "b"), ("1", "c", "d")])


def test_one_query_against_two_thousand_texts_is_quick() -> None:
    streets = "东西南北"
    known = [
        (str(i), f"{streets[i % 4]}环{i}号", f"{KNOWN[i % 5][1]}，{KNOWN[i % 5][2] * 8}编号{i}") for i in range(2_000)
    ]
    corpus = corpus_build(known)
    most_similar(corpus, "暖机")
    took = []
    for _ in range(5):
        started = time.perf_counter()
        most_similar(corpus, "家里暖气不热，老人受不了，物业说管道老化")
        took.append(time.perf_counter() - started)
    assert min(took) < 0.05
