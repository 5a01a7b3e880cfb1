"""Growth is told by a test that another hand has checked, and alerts by how many of them would be chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from yiting.methods.texts import Groups, HotMatter, Message, hot_matters
from yiting.methods.texts.growth import false_discovery, growth_p_value

NOW = datetime(2024, 5, 15, 12, tzinfo=UTC)


def speak(matter: str, ages: list[float]) -> list[Message]:
    """One message a person, so many days old."""
    return [
        Message(id=f"{matter}{i:03}", title=matter, body=matter, person=f"{matter}{i}", at=NOW - timedelta(days=age))
        for i, age in enumerate(ages)
    ]


def ranked(*matters: list[Message], alert_at: float = 0.05) -> dict[str, HotMatter]:
    ids = tuple(tuple(message.id for message in matter) for matter in matters)
    messages = [message for matter in matters for message in matter]
    found = hot_matters(messages, now=NOW, groups=Groups(ids, ids), alert_at=alert_at)
    return {matter.request_ids[0][:-3]: matter for matter in found}


STEADY = speak("steady", [15 + 30 * month for month in range(12)])


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.5, 90), st.floats(0.5, 900))
def test_the_growth_test_agrees_with_the_binomial_test_of_scipy(
    lately: int, before: int, days_lately: float, days_before: float
) -> None:
    p = growth_p_value(lately, before, days_lately=days_lately, days_before=days_before)
    share = days_lately / (days_lately + days_before)
    if lately + before:
        expected = stats.binomtest(lately, lately + before, share, alternative="greater").pvalue
        assert p == pytest.approx(expected, rel=1e-6, abs=1e-12)
    else:
        assert p == 1.0


@pytest.mark.parametrize(("lately", "days"), [(-1, 30.0), (1, 0.0), (1, -3.0), (1, float("nan"))])
def test_what_cannot_be_a_number_of_people_or_days_is_refused(lately: int, days: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        growth_p_value(lately, 1, days_lately=days, days_before=30.0)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_false_discovery_agrees_with_scipy(p_values: list[float]) -> None:
    expected = stats.false_discovery_control(p_values).tolist() if p_values else []
    assert false_discovery(p_values) == pytest.approx(expected)


def test_a_wave_against_a_quiet_past_raises_an_alert_and_a_steady_matter_none() -> None:
    wave = speak("wave", [200, 100, *range(1, 13)])
    found = ranked(wave, STEADY)
    why = found["wave"].why
    assert why["alert"]
    assert why["p_value"] is not None
    assert why["q_value"] is not None
    assert why["p_value"] <= why["q_value"] < 0.001
    assert (why["last_30_days"], why["earlier"]) == (12, 2)
    assert why["expected"] == pytest.approx(2 / why["earlier_days"] * 30, abs=0.01)
    assert not found["steady"].why["alert"]
    assert found["steady"].why["growth"] == 0


def test_two_people_however_sudden_are_no_alert() -> None:
    found = ranked(speak("two", [1, 2]), speak("three", [1, 2, 3]), STEADY)
    assert found["two"].why["last_30_days"] == 2
    assert not found["two"].why["alert"]
    assert found["three"].why["alert"]


def test_the_published_level_decides() -> None:
    three = speak("three", [1, 2, 3])
    assert ranked(three, STEADY)["three"].why["alert"]
    assert not ranked(three, STEADY, alert_at=1e-6)["three"].why["alert"]


def test_among_many_matters_a_lucky_one_is_no_alert() -> None:
    lucky = speak("lucky", [40, 70, 100, 130, 1, 2, 3])
    alone = ranked(lucky, STEADY)["lucky"].why
    many = [speak(f"quiet{i:02}x", [35 + i, 80 + i, 5, 150]) for i in range(40)]
    among = ranked(lucky, STEADY, *many)["lucky"].why
    assert alone["p_value"] == among["p_value"]
    assert alone["alert"]
    assert not among["alert"]


def test_without_times_or_a_past_growth_is_not_known() -> None:
    undated = [Message(id=f"a{i}", title="灯", body="路灯坏了", person=str(i)) for i in range(4)]
    young = speak("young", [1, 2, 3, 4])
    groups = Groups((), (tuple(m.id for m in undated),))
    for found in (hot_matters([*undated, *STEADY], now=NOW, groups=groups), list(ranked(young).values())):
        (matter,) = found
        assert matter.why["growth"] is None
        assert matter.why["p_value"] is None
        assert matter.why["expected"] is None
        assert not matter.why["alert"]
        assert matter.heat > 0


def test_places_are_those_that_its_messages_name_and_the_name_stays() -> None:
    said = [
        Message(id=str(i), title="仁和家园路灯坏了", body="仁和家园路灯坏了没人修", person=str(i), place="仁和家园")
        for i in range(3)
    ]
    (matter,) = hot_matters(said, now=NOW, groups=Groups((), (("0", "1", "2"),), dict.fromkeys("012", "kept")))
    assert matter.why["places"] == ["仁和家园"]
    assert matter.name == "kept"
