"""Telephone numbers and homes as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiting.people.errors import PhoneInvalid, PhoneNotMobile
from yiting.people.homes import normal_home
from yiting.people.phones import is_phone, masked_phone, normal_phone, shown_phone


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "008613800138000",
        "１３８００１３８０００",
    ],
)
def test_one_mobile_number_written_in_many_ways(written):
    assert normal_phone(written, mobile=True) == "+8613800138000"


@pytest.mark.parametrize("written", ["", "1380013800", "12345", "张三", "138001380001", "+1", "0" * 500])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(PhoneInvalid):
        normal_phone(written)
    assert not is_phone(written)


def test_a_landline_takes_calls_but_no_codes():
    assert normal_phone("0477-8581234") == "+864778581234"
    with pytest.raises(PhoneNotMobile):
        normal_phone("0477-8581234", mobile=True)


def test_a_number_is_shown_with_its_middle_hidden():
    assert masked_phone("+8613800138000") == "138****8000"
    assert shown_phone("+8613800138000") == "13800138000"
    assert masked_phone("+86110") == "****"


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_named_refusal(text):
    try:
        number = normal_phone(text)
    except PhoneInvalid:
        return
    assert number.startswith("+")
    assert normal_phone(number) == number


@pytest.mark.parametrize(
    "written", ["3号楼2单元501室", "3-2-501", "三号楼二单元501", "３号楼 ２单元 ５０１", "03-02-501"]
)
def test_one_home_written_in_many_ways(written):
    assert normal_home(written) == "3-2-501"


def test_other_homes_stay_other_homes():
    assert normal_home("十二号楼") == "12"
    assert normal_home("二十号楼") == "20"
    assert normal_home("A座501") == "a-501" != normal_home("B座501")
    assert normal_home("东边 平房") == "东边平房"
