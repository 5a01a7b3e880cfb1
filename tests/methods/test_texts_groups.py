"""Near-duplicates and matters: what belongs together, what is kept apart, and laws that always hold."""

from __future__ import annotations

import random
import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.texts import ContradictoryLinks, Groups, Message, group
from yiting.methods.texts.linkage import Partition, average_linkage

SHADE = [
    Message(id="s1", title="仁和家园没有遮阳的地方", body="夏天太晒，老人没有地方乘凉，希望在小区里建一个凉亭。"),
    Message(id="s2", title="仁和家园建个凉亭吧", body="我们仁和家园的老人夏天没处乘凉，下雨没处躲，建个凉亭多好。"),
    Message(
        id="s3",
        title="希望有能乘凉的凉亭",
        body="仁和家园小区楼下没有能坐的地方，夏天遮阳、雨天避雨的凉亭都没有，老人只能站着。",
    ),
]
LAMPS = [
    Message(id="l1", title="东环路路灯不亮", body="东环路的路灯坏了半个月，晚上漆黑一片，走路摔跤。"),
    Message(id="l2", title="东环路上的路灯坏了没人修", body="东环路路灯坏了很久，晚上出门漆黑一片，请修好路灯。"),
]
ELSEWHERE = Message(
    id="x1", title="恒大华府没有遮阳的地方", body="夏天太晒，老人没有地方乘凉，希望在小区里建一个凉亭。"
)
ALL = [*SHADE, *LAMPS, ELSEWHERE]

MESSAGES = st.lists(
    st.builds(
        lambda title, body: (title, body),
        st.sampled_from(["路灯坏了", "仁和家园凉亭", "恒大华府凉亭", "噪音扰民", ""]),
        st.text(alphabet=st.sampled_from("路灯坏了老人乘凉凉亭噪音扰民施工半夜。a1😀"), max_size=25),
    ),
    max_size=9,
).map(lambda pairs: [Message(id=f"m{i}", title=title, body=body) for i, (title, body) in enumerate(pairs)])
LINKS = st.lists(st.tuples(*[st.integers(0, 8).map("m{}".format)] * 2), max_size=4)


def together(groups: Groups, a: str, b: str) -> bool:
    return any({a, b} <= set(matter) for matter in groups.matters)


def test_one_wish_in_many_words_is_one_matter_and_other_things_are_others() -> None:
    groups = group(ALL)
    assert ("s1", "s2", "s3") in groups.matters
    assert ("l1", "l2") in groups.matters
    assert ("x1",) in groups.matters


def test_the_same_words_about_another_place_stay_apart() -> None:
    groups = group([SHADE[0], ELSEWHERE])
    assert groups.duplicates == (("s1",), ("x1",))


def test_almost_the_same_text_is_a_near_duplicate() -> None:
    again = Message(id="s9", title="再次反映", body=SHADE[2].body + "请尽快。")
    assert ("s3", "s9") in group([*ALL, again]).duplicates


def test_one_place_with_two_troubles_is_two_matters() -> None:
    crack = Message(id="c1", title="仁和家园楼板开裂", body="仁和家园交房以来墙面楼板多处开裂，开发商不管。")
    assert not together(group([*SHADE, crack]), "s1", "c1")


def test_a_chain_of_neighbours_does_not_make_strangers_one() -> None:
    partition = Partition(4)
    average_linkage(partition, {(0, 1): 0.9, (1, 2): 0.3, (2, 3): 0.9}, 0.25, voices=range(4))
    assert partition.classes() == [[0, 1], [2, 3]]


def test_picked_places_keep_apart() -> None:
    here = Message(id="a", title="路灯不亮", body="路灯坏了半个月，晚上漆黑一片。", place="150602001001")
    there = Message(id="b", title="路灯不亮", body="路灯坏了半个月，晚上漆黑一片。", place="150603002001")
    street = Message(id="c", title="路灯不亮", body="路灯坏了半个月，晚上漆黑一片。", place="150602001000")
    assert not together(group([here, there]), "a", "b")
    assert together(group([here, street]), "a", "c")


def test_links_that_contradict_are_refused_by_name() -> None:
    with pytest.raises(ContradictoryLinks) as refused:
        group(ALL, must_link=[("s1", "l1"), ("l1", "x1")], cannot_link=[("s1", "x1")])
    assert set(refused.value.pair) <= {message.id for message in ALL}


def test_ids_must_be_unique_and_unknown_links_are_passed_over() -> None:
    with pytest.raises(ValueError, match="id of its own"):
        group([SHADE[0], SHADE[0]])
    assert group(SHADE, must_link=[("s1", "gone")], cannot_link=[("gone", "away")]) == group(SHADE)


def test_a_refused_merge_holds_even_between_copies() -> None:
    copy = Message(id="s0", title=SHADE[0].title, body=SHADE[0].body)
    groups = group([copy, *SHADE], cannot_link=[("s0", "s1")])
    assert not together(groups, "s0", "s1")


@given(MESSAGES, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_makes_no_difference(messages: list[Message], shuffler: random.Random) -> None:
    shuffled = list(messages)
    shuffler.shuffle(shuffled)
    assert group(messages) == group(shuffled)


@given(MESSAGES, LINKS, LINKS)
@settings(max_examples=100, deadline=None)
def test_links_hold_or_are_refused(
    messages: list[Message], must: list[tuple[str, str]], cannot: list[tuple[str, str]]
) -> None:
    ids = {message.id for message in messages}
    try:
        groups = group(messages, must_link=must, cannot_link=cannot)
    except ContradictoryLinks:
        assert must
        assert cannot
        return
    assert sorted(id for matter in groups.matters for id in matter) == sorted(ids)
    assert sorted(id for same in groups.duplicates for id in same) == sorted(ids)
    for same in groups.duplicates:
        assert any(set(same) <= set(matter) for matter in groups.matters)
    for a, b in must:
        assert not {a, b} <= ids or together(groups, a, b)
    for a, b in cannot:
        assert a == b or not {a, b} <= ids or not together(groups, a, b)


@given(st.lists(st.floats(-0.6, 1.0), min_size=10, max_size=10))
def test_links_alone_decide(strengths: list[float]) -> None:
    links = dict(zip(combinations(range(5), 2), strengths, strict=True))
    one, other = Partition(5), Partition(5)
    average_linkage(one, links, 0.25, voices=range(5))
    average_linkage(other, dict(reversed(links.items())), 0.25, voices=range(5))
    assert one.classes() == other.classes()


def test_two_thousand_identical_texts_are_one_group() -> None:
    many = [Message(id=f"{i:04}", title="路灯坏了", body=LAMPS[0].body) for i in range(2_000)]
    started = time.perf_counter()
    groups = group(many)
    assert time.perf_counter() - started < 20
    assert len(groups.duplicates) == 1


@pytest.mark.parametrize("body", ["", "亭", "😀", "\u202e\u200f\u0000", "凉亭" * 50_000, "<script>alert(1)</script>"])
def test_odd_texts_are_grouped_with_nobody_else(body: str) -> None:
    odd = Message(id="zz", title="", body=body)
    assert group([*LAMPS, odd]).matters == (("l1", "l2"), ("zz",))


def test_no_messages_no_groups() -> None:
    assert group([]) == Groups((), ())
