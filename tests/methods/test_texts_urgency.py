"""Urgency from plain words, with denial, fear and waiting told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiting.methods.texts import urgency


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("家里闻到煤气味，燃气管道漏气了！", "urgent"),
        ("三号楼着火了", "urgent"),
        ("孩子在工地旁摔伤了", "urgent"),
        ("老人在电梯里被困", "urgent"),
        ("后院的墙倒塌了，砸到人", "urgent"),
        ("小区停水三天了", "soon"),
        ("暖气不热，老人冻得受不了", "soon"),
        ("反映了八个月了还没解决", "soon"),
        ("一旦起火谁也跑不出来", "soon"),
        ("没有漏气，只是想问问怎么开户", "normal"),
        ("不急，有空帮我看看路灯", "normal"),
        ("社区的消防演练很好，火灾知识宣传到位", "normal"),
        ("为了防止坍塌，建议加固", "normal"),
        ("请问公积金怎么提取", "normal"),
        ("反映了三天了", "normal"),
        ("", "normal"),
    ],
)
def test_levels(text: str, level: str) -> None:
    assert urgency(text).level == level


def test_the_words_are_named() -> None:
    assert urgency("三号楼着火了").because == ("着火",)
    assert urgency("反映了八个月了还没解决").because == ("8个月了",)


@given(st.text(max_size=200))
def test_any_text_has_an_urgency_and_reasons_only_from_it(text: str) -> None:
    found = urgency(text)
    assert found == urgency(text)
    assert (found.level == "normal") or found.because


@pytest.mark.parametrize("unit", ["孩子", "没有", "着火", "1年", "😀", "\u202e"])
def test_long_texts_do_not_hang(unit: str) -> None:
    assert len(urgency(unit * 50_000).because) <= 5
