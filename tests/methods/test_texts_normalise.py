"""Writing brought to one form, numerals, and the masking of personal numbers."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.texts import mask_personal, normalise

MESSY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "一二两三四五六七八九十百千万亿零〇第年月天楼个幺0123456789０Ｘx-+@.（）號樓 \u200b\u202e\u3000"
        ),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("請問電動車充電樁", "请问电动车充电桩"),
        ("  一行\n\t\u3000二行 ", "一行 二行"),
        ("\u202e反着\u200b写\u0000的", "反着写的"),
        ("一百二十户", "120户"),
        ("三十年，十五天", "30年,15天"),
        ("二〇一九年", "2019年"),
        ("一万五", "15000"),
        ("一万零五", "10005"),
        ("三千万", "30000000"),
        ("第一次，二期，三栋，十分钟，两个月", "第1次,2期,3栋,10分钟,2个月"),
        ("百分之三十", "30%"),
        ("十一点半", "11点半"),
    ],
)
def test_one_form(written: str, plain: str) -> None:
    assert normalise(written) == plain


@pytest.mark.parametrize(
    "words",
    [
        "统一管理",
        "一起",
        "一直",
        "十分严重",
        "千万别",
        "万一",
        "万科",
        "五一路",
        "三一重工",
        "一些",
        "一天到晚",
        "三四个",
        "百度",
    ],
)
def test_numerals_within_words_stay(words: str) -> None:
    assert normalise(words) == words


@given(MESSY)
@settings(max_examples=400)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(MESSY)
def test_no_control_or_direction_mark_is_left(text: str) -> None:
    assert not any(char in normalise(text) for char in "\x00\x07\u200b\u200e\u202e\u2066\ufeff")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678找我", "电话‹phone›找我"),
        ("１３８ １２３４ ５６７８", "‹phone›"),
        ("138\u200b1234-5678", "‹phone›"),
        ("一三八一二三四五六七八", "‹phone›"),
        ("+86 13812345678", "‹phone›"),
        ("座机0477-8512345", "座机‹phone›"),
        ("(0731)88888888", "‹phone›"),
        ("联系电话：8512345", "联系电话：‹phone›"),
        ("身份证15272119900101123X", "身份证‹id›"),
        ("旧证150102800101123", "旧证‹id›"),
        ("卡号6222 0211 1111 1111 111", "卡号‹card›"),
        ("写信a.b@c.cn", "写信‹mail›"),
        ("微信号yiting_2024", "微信号‹account›"),
    ],
)
def test_personal_numbers_are_masked(text: str, masked: str) -> None:
    assert mask_personal(text) == masked


@pytest.mark.parametrize(
    "text",
    ["2024年5月15日", "110kv高压线", "306户居民，36户低保", "拨打12345", "三栋二单元", "补偿款1234567元"],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_personal(text) == text


@given(MESSY)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask_personal(text)
    assert mask_personal(once) == once


@given(prefix=st.text(max_size=10), tail=st.integers(0, 10**8 - 1))
def test_a_mobile_number_never_shows(prefix: str, tail: int) -> None:
    number = f"139{tail:08d}"
    assert number not in mask_personal(f"{prefix} {number}，谢谢")


@pytest.mark.parametrize("unit", ["一", "1", "百", "😀", "\u202e", "12345 ", "QQ", "a@", "<b>", "小区"])
def test_long_texts_do_not_hang(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.perf_counter()
    normalise(text)
    mask_personal(text)
    assert time.perf_counter() - started < 5
