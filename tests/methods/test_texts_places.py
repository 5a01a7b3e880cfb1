"""Place names by their form, and which of them keep messages apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiting.methods.texts import place_names, places_clash
from yiting.methods.texts.places import RANKS, rank_of

NAMES = st.frozensets(
    st.sampled_from(
        [
            "A市",
            "A5区",
            "A7县",
            "东胜区",
            "仁和家园",
            "恒大华府",
            "魅力之城",
            "万科魅力之城小区",
            "劳动东路",
            "天骄社区",
            "3栋",
            "5栋",
        ]
    ),
    max_size=4,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A5区劳动东路魅力之城小区一楼的夜宵摊", {"a5区", "劳动东路", "魅力之城", "魅力之城小区"}),
        ("我们是魅力之城小区居民", {"魅力之城", "魅力之城小区"}),
        ("A市经济学院强制实习", {"a市", "经济学院"}),
        (
            "鄂尔多斯市东胜区天骄街道天骄社区仁和家园3号楼旁",
            {"鄂尔多斯市", "东胜区", "天骄街道", "天骄社区", "仁和家园", "3号楼"},
        ),
        ("康巴什区滨河街道康城社区", {"康巴什区", "滨河街道", "康城社区"}),
        ("伊金霍洛旗阿勒腾席热镇", {"伊金霍洛旗", "阿勒腾席热镇"}),
        ("准格尔旗薛家湾镇", {"准格尔旗", "薛家湾镇"}),
        ("附近小区的幼儿园", set()),
        ("我们学校旁边的马路没有路灯", set()),
        ("进入小区，占用人行道", set()),
        ("政府和老百姓", set()),
        ("", set()),
    ],
)
def test_names_by_form(text: str, names: set[str]) -> None:
    assert place_names(text) == names


def test_a_known_name_is_found_without_its_form() -> None:
    assert "凤凰湾" not in place_names("凤凰湾门口积水")
    assert "凤凰湾" in place_names("凤凰湾门口积水", known=frozenset({"凤凰湾"}))


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("A5区路灯不亮", "A7县路灯不亮", True),
        ("仁和家园没有凉亭", "恒大华府没有凉亭", True),
        ("A5区魅力之城油烟", "A7县魅力之城油烟", True),
        ("A市魅力之城", "A5区劳动东路魅力之城小区", False),
        ("万科魅力之城小区", "A5区劳动东路魅力之城小区", False),
        ("A市路灯不亮", "A5区路灯不亮", False),
        ("路灯不亮", "A5区路灯不亮", False),
        ("仁和家园3栋电梯坏了", "仁和家园5栋电梯坏了", True),
        ("天骄社区仁和家园", "仁和家园", False),
    ],
)
def test_clash(one: str, other: str, clash: bool) -> None:
    assert places_clash(place_names(one), place_names(other)) is clash


@given(NAMES, NAMES)
def test_clash_is_mutual_and_never_with_itself(a: frozenset[str], b: frozenset[str]) -> None:
    assert places_clash(a, b) == places_clash(b, a)
    assert not places_clash(a, a)
    assert not places_clash(a, frozenset())


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    assert all(rank_of(name) in RANKS for name in place_names(text))


@pytest.mark.parametrize("unit", ["区", "小区", "魅力之城小区", "a5区", "1栋", "😀"])
def test_long_texts_do_not_hang(unit: str) -> None:
    assert len(place_names(unit * (100_000 // len(unit)))) < 20_000
