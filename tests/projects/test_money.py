"""Yuan are read into fen without a float, and what is no amount is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiting.projects.errors import MoneyUnreadable
from yiting.projects.money import read_yuan, yuan_text


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("120000.50", 12_000_050),
        ("120000.5", 12_000_050),
        ("120,000", 12_000_000),
        ("１２００００", 12_000_000),
        ("¥ 120000 元", 12_000_000),
        ("￥8", 800),
        ("0", 0),
        ("0.01", 1),
        ("  ", None),
        ("", None),
    ],
)
def test_amounts_as_people_type_them(typed: str, fen: int | None) -> None:
    assert read_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed", ["十二万", "12万", "-5", "1.234", "1e5", "12,00", "nan", "1 2 x", "٣٤", "9" * 13, "0x10", "<b>"]
)
def test_what_is_no_amount_is_refused_by_name(typed: str) -> None:
    with pytest.raises(MoneyUnreadable) as refusal:
        read_yuan(typed)
    assert typed.strip()[:40] in str(refusal.value.message)


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert read_yuan(yuan_text(fen)) == fen


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(typed: str) -> None:
    try:
        fen = read_yuan(typed)
    except MoneyUnreadable:
        return
    assert fen is None or (isinstance(fen, int) and fen >= 0)
