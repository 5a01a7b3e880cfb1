"""Hot matters: distinct people first, then time and growth, every part shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.texts import Groups, Message, hot_matters

NOW = datetime(2024, 5, 15, 12, tzinfo=UTC)
SHADE = "夏天老人没有地方乘凉，希望在仁和家园建一个凉亭。"
LAMP = "东环路的路灯坏了，晚上漆黑一片，路灯一直没人修。"


def said(id: str, body: str, person: str, days: float | None = 1, **rest: int) -> Message:
    at = None if days is None else NOW - timedelta(days=days)
    return Message(id=id, title=body[:8], body=body, person=person, at=at, **rest)


def by_body(messages: list[Message]) -> Groups:
    bodies = sorted({message.body for message in messages})
    matters = tuple(tuple(sorted(m.id for m in messages if m.body == body)) for body in bodies)
    return Groups(matters, matters)


def test_forty_times_the_same_person_is_one_voice() -> None:
    loud = [said(f"a{i:02}", LAMP, "张") for i in range(40)]
    many = [said(f"b{i}", SHADE, f"居民{i}") for i in range(3)]
    (only,) = hot_matters(loud + many, now=NOW)
    assert only.request_ids == ("b0", "b1", "b2")
    assert only.people == 3
    first, second = hot_matters([*loud, said("c", LAMP, "李"), *many], now=NOW)
    assert first == only
    assert (second.people, second.why["messages"]) == (2, 41)


def test_one_voice_alone_is_not_hot_and_a_supported_one_is() -> None:
    assert hot_matters([said("a", LAMP, "张")], now=NOW) == []
    assert hot_matters([said("a", LAMP, "张", supports=5)], now=NOW)[0].why["supports"] == 5


def test_people_whose_name_is_not_known_count_by_their_texts() -> None:
    messages = [said("a", LAMP, ""), said("b", LAMP, ""), said("c", LAMP + "请来看看。", "")]
    groups = Groups((("a", "b", "c"),), (("a", "b", "c"),))
    assert hot_matters(messages, now=NOW, groups=groups)[0].people == 2


def test_the_recent_and_the_growing_are_hotter() -> None:
    old = [said(f"a{i}", LAMP, f"居民{i}", days=50 + i) for i in range(4)]
    new = [said(f"b{i}", SHADE, f"居民{i}", days=1 + i) for i in range(4)]
    first, second = hot_matters(old + new, now=NOW)
    assert first.request_ids[0] == "b0"
    assert first.why["recency"] > second.why["recency"]
    assert first.why["growth"] > second.why["growth"] == 0


def test_the_heat_is_made_of_the_parts_shown() -> None:
    messages = [said(f"b{i}", SHADE, f"居民{i}", supports=2, objections=1) for i in range(3)]
    (matter,) = hot_matters(messages, now=NOW)
    why = matter.why
    expected = (why["people"] + why["supports_part"]) * (3 + why["recency"] + (why["growth"] or 0)) / 5
    assert matter.heat == pytest.approx(expected, abs=1e-3)
    assert (why["messages"], why["supports"], why["objections"]) == (3, 6, 3)


def test_title_quote_and_keywords_come_from_its_own_messages_and_are_masked() -> None:
    body = "尊敬的领导您好。夏天老人没有地方乘凉，电话13812345678，希望建一个凉亭。谢谢！"
    messages = [Message(id=str(i), title="凉亭 13812345678", body=body, person=str(i)) for i in range(3)]
    (matter,) = hot_matters(messages, now=NOW)
    assert matter.title == "凉亭 ‹phone›"
    assert matter.quote == "夏天老人没有地方乘凉，电话‹phone›，希望建一个凉亭。"
    assert matter.why["keywords"]
    assert all(word in body + "凉亭" for word in matter.why["keywords"])


def test_times_with_and_without_zone_and_none_and_future_are_taken() -> None:
    east = timezone(timedelta(hours=8))
    messages = [
        Message(id="a", title="灯", body=LAMP, person="1", at=NOW.replace(tzinfo=None)),
        Message(id="b", title="灯", body=LAMP, person="2", at=datetime(2024, 5, 2, tzinfo=east)),
        Message(id="c", title="灯", body=LAMP, person="3", at=datetime(2099, 1, 1, tzinfo=UTC)),
        Message(id="d", title="灯", body=LAMP, person="4"),
    ]
    (matter,) = hot_matters(messages, now=NOW)
    assert matter.why["recency"] == 1
    assert matter.people == 4


@given(
    st.lists(
        st.tuples(
            st.sampled_from([SHADE, LAMP, "电梯坏了没人管", "x"]),
            st.sampled_from("甲乙丙"),
            st.integers(0, 90),
        ),
        max_size=10,
    )
)
@settings(max_examples=40, deadline=None)
def test_ranking_is_the_same_in_any_order_and_ids_are_told_once(rows: list[tuple[str, str, int]]) -> None:
    messages = [said(f"m{i}", body, person, days, supports=i) for i, (body, person, days) in enumerate(rows)]
    found = hot_matters(messages, now=NOW)
    assert found == hot_matters(messages[::-1], now=NOW)
    assert [matter.rank for matter in found] == list(range(1, len(found) + 1))
    assert [-matter.heat for matter in found] == sorted(-matter.heat for matter in found)
    ids = [id for matter in found for id in matter.request_ids]
    assert len(ids) == len(set(ids))
    assert all(matter.why["people"] <= matter.why["messages"] for matter in found)
    assert all(0 <= matter.why["recency"] <= 1 and 0 <= (matter.why["growth"] or 0) <= 1 for matter in found)
