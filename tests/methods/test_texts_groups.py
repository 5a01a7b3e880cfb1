"""Near-duplicates and matters: what belongs together, what is kept apart, and laws that always hold."""

from __future__ import annotations

import random
import time
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from yiting.methods.texts import ContradictoryLinks, Groups, Message, group
from yiting.methods.texts.linkage import Links, Partition, average_linkage
from yiting.methods.texts.matters.naming import naming_of
from yiting.methods.texts.matters.neighbours import neighbours
from yiting.methods.texts.matters.terms import gram_rows

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


def arrays(links: dict[tuple[int, int], float]) -> Links:
    ends = np.array(list(links), dtype=np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1], np.array(list(links.values()))


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
    average_linkage(partition, arrays({(0, 1): 0.9, (1, 2): 0.3, (2, 3): 0.9}), 0.25, voices=range(4))
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
    average_linkage(one, arrays(links), 0.25, voices=range(5))
    average_linkage(other, arrays({(b, a): links[a, b] for a, b in reversed(links)}), 0.25, voices=range(5))
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


def test_who_stands_under_one_estate_needs_fewer_words_in_common() -> None:
    said = [
        ("路灯不亮", "路灯坏了半个月，晚上漆黑一片。"),
        ("走路摔跤", "晚上出门漆黑一片，老人摔了一跤，谁都不敢出门买菜接孩子。"),
    ]
    alone = group([Message(id=str(i), title=title, body=body) for i, (title, body) in enumerate(said)])
    here = group([Message(id=str(i), title=t, body=b, place="安和苑") for i, (t, b) in enumerate(said)])
    apart = group(
        [Message(id=str(i), title=t, body=b, place="安和苑仁和家"[i * 3 :][:3]) for i, (t, b) in enumerate(said)]
    )
    assert here.matters == (("0", "1"),)
    assert apart.matters == (("0",), ("1",))
    assert len(alone.matters) == 2


def test_a_name_that_one_body_alone_has_keeps_nothing_apart() -> None:
    naming = naming_of(["路灯坏了"] * 3, ["在幸福花园北门", "在幸福花园旁", "在再远处桃李公园边"], [None] * 3)
    assert not naming.clash(0, 2)
    titled = naming_of(["幸福花园路灯坏了", "桃李公园路灯坏了"], ["", ""], [None] * 2)
    assert titled.clash(0, 1)


def test_a_matter_keeps_its_name_when_messages_are_added() -> None:
    first = group([*SHADE[1:], *LAMPS])
    later = group([*ALL, Message(id="a0", title=SHADE[0].title, body=SHADE[0].body)], known=first.names)
    assert first.names["s2"] == "s2"
    assert {later.names[id] for id in ("a0", "s1", "s2", "s3")} == {"s2"}
    assert later.names["l1"] == first.names["l1"]
    assert later.names["x1"] not in first.names.values()


@given(MESSAGES)
@settings(max_examples=60, deadline=None)
def test_grouping_again_changes_neither_groups_nor_names(messages: list[Message]) -> None:
    once = group(messages)
    assert group(messages, known=once.names) == once
    assert set(once.names) == {message.id for message in messages}
    assert len(set(once.names.values())) == len(once.matters)


@given(MESSAGES, MESSAGES)
@settings(max_examples=60, deadline=None)
def test_names_stay_with_most_of_those_who_had_them(messages: list[Message], more: list[Message]) -> None:
    before = group(messages)
    added = [Message(id=f"n{message.id}", title=message.title, body=message.body) for message in more]
    after = group([*messages, *added], known=before.names)
    for matter in after.matters:
        kept = {before.names[id] for id in matter if id in before.names}
        # a matter of before that only grew is called as before
        if len(kept) == 1 and sum(before.names[id] in kept for id in before.names) == len(
            set(matter) & set(before.names)
        ):
            assert after.names[matter[0]] in kept


@given(st.lists(st.text(alphabet="路灯坏了老人a1。", max_size=12), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_neighbours_are_those_of_comparing_all_pairs(texts: list[str]) -> None:
    rows = gram_rows(texts)
    nowhere = sparse.csr_array((len(texts), 0))
    first, second, likeness = neighbours(rows, nowhere, 0.05, 0.05)
    everything = (rows @ rows.T).toarray()
    expected = {(a, b) for a, b in combinations(range(len(texts)), 2) if everything[a, b] >= 0.05 + 1e-6}
    found = dict(zip(zip(first.tolist(), second.tolist(), strict=True), likeness.tolist(), strict=True))
    assert expected <= set(found)
    for (a, b), alike in found.items():
        assert alike == pytest.approx(everything[a, b], abs=1e-6)


@pytest.mark.slow
def test_a_matter_of_hundreds_of_voices_is_one() -> None:
    """More say it than are looked at of each: the parts that come of that are put together again."""
    chance = random.Random(7)
    words = [
        "粉尘",
        "噪音",
        "扬尘",
        "半夜",
        "轰鸣",
        "孩子",
        "咳嗽",
        "窗户",
        "睡觉",
        "水泥",
        "卡车",
        "投诉",
        "拆除",
        "搬走",
    ]
    ends = ["谁来管管", "太难受了", "我们受够了", "快来查查", "到底合法吗", "急盼回音"]
    said = [
        Message(
            id=f"p{i:03}",
            title="金桥花园旁边搅拌站扰民",
            body="金桥花园搅拌站"
            + "".join(chance.sample(words, 6))
            + "，"
            + chance.choice(ends)
            + str(chance.randrange(10**6)),
        )
        for i in range(400)
    ]
    others = [
        Message(id=f"o{i:02}", title=f"{a}路路灯", body=f"{a}路路灯坏了{i}天") for i, a in enumerate("春夏秋冬风花雪月")
    ]
    biggest = max(group([*said, *others]).matters, key=len)
    assert sum(id.startswith("p") for id in biggest) >= 390
    assert not any(id.startswith("o") for id in biggest)
