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
        ("百分之五点五", "5.5%"),
        ("三点五公里，十二点二五万元", "3.5公里,12.25万元"),
        ("三点五十分", "三点50分"),
        ("壹佰贰拾元，叁万伍仟元整", "120元,35000元整"),
        ("陆家嘴伍家岗区", "陆家嘴伍家岗区"),
        ("二十多户，二十几户", "20多户,20几户"),
        ("⑴⒉㎡㍿Ⅳ", "(1)2.m2株式会社iv"),
        ("乾隆 乾燥 頭髮 發展 皇后 後面", "乾隆 干燥 头发 发展 皇后 后面"),
        ("ﾊﾝ①…", "ハン1..."),
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
        "几十户",
        "数百万",
        "廿三日",
        "百姓",
        "千家万户",
        "三里屯",
        "七八个",
        "十几年",
        "陆家嘴",
        "双百",
    ],
)
def test_numerals_within_words_stay(words: str) -> None:
    assert normalise(words) == words


@given(MESSY)
@settings(max_examples=400)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=80))
@settings(max_examples=400)
def test_the_common_way_is_the_long_way(text: str) -> None:
    # A foreign letter at the end sends the whole text the long way.
    assert (
        normalise(text + " \u00e9").removesuffix("\u00e9").strip() == normalise(text + " x").removesuffix("x").strip()
    )


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
        ("１１０１０５１９４９１２３１００２Ｘ", "‹id›"),
        ("1 3 8 1 2 3 4 5 6 7 8", "‹phone›"),
        ("138.1234.5678/13912345678", "‹phone›/‹phone›"),
        ("zhang＠qq．com", "‹mail›"),
        ("1３8一2三45678", "‹phone›"),
    ],
)
def test_personal_numbers_are_masked(text: str, masked: str) -> None:
    assert mask_personal(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2024年5月15日",
        "110kv高压线",
        "306户居民，36户低保",
        "拨打12345",
        "三栋二单元",
        "补偿款1234567元",
        "共15000000000元",
        "2019.10.12-15 13点",
        "0731-0000-00000000",
    ],
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
