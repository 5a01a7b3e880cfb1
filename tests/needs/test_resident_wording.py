"""How needs are put into words: the way, the clock, the sentence that stands for many, masked numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.needs import SAID_AT, NeedFactory
from tests.factories.people import OrganisationFactory
from yiting.methods.verdicts import wilson
from yiting.needs.models import State
from yiting.needs.queries.hotness import reasons_in_words
from yiting.needs.queries.verdicts import share_words
from yiting.needs.queries.voices import central_sentence
from yiting.needs.queries.ways import clock_of, way_full, way_short
from yiting.needs.queries.wording import code_in_fours, role_words, shown_words

pytestmark = pytest.mark.usefixtures("english")

AT = SAID_AT + timedelta(days=20)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (State.HEARD, "now next next next next next"),
        (State.SORTED, "done now next next next next"),
        (State.DISCUSSED, "done done now next next next"),
        (State.CHOSEN, "done done done now next next"),
        (State.DOING, "done done done done now next"),
        (State.JUDGING, "done done done done done now"),
        (State.CLOSED, "done done done done done done"),
        (State.RETURNED, "done done done now next next"),
    ],
)
def test_the_way_has_six_words_and_one_place_where_it_stands(state: State, standing: str) -> None:
    need = NeedFactory(state=state)
    for way in (way_short(need), way_full(need, {})):
        assert [step.state for step in way] == standing.split()
        assert [step.word for step in way] == ["hear", "sort", "talk", "choose", "do", "judge"]


@pytest.mark.django_db
def test_a_step_that_was_not_gone_through_says_so() -> None:
    need = NeedFactory(state=State.JUDGING, household_count=23, first_at=SAID_AT)
    notes = [step.note for step in way_full(need, {State.CHOSEN: SAID_AT})]
    assert notes == ["Jul 1", "23 households", "passed by", "Jul 1", "", "your turn"]


@pytest.mark.django_db
class TestTheClock:
    def test_it_stands_still_while_somebody_is_waited_for(self) -> None:
        need = NeedFactory(waiting_for="城管局答复", waiting_since=AT - timedelta(days=2))
        clock = clock_of(need, at=AT)
        assert (clock.text, clock.waiting) == ("waiting for 城管局答复, clock stopped for 2 days", True)

    def test_it_says_when_an_answer_is_overdue(self) -> None:
        office = OrganisationFactory(name="城管局")
        need = NeedFactory(handler=office, due_at=AT - timedelta(days=1))
        clock = clock_of(need, at=AT)
        assert clock.late
        assert clock.text.startswith("城管局 should have answered by ")

    def test_it_names_who_is_on_it(self) -> None:
        need = NeedFactory(handler=OrganisationFactory(name="城管局"), due_at=AT + timedelta(days=1))
        assert not clock_of(need, at=AT).waiting
        assert clock_of(need, at=AT, accepted=False).waiting

    @pytest.mark.parametrize("state", [State.HEARD, State.SORTED])
    def test_nobody_on_it_is_told_too(self, state: State) -> None:
        assert clock_of(NeedFactory(state=state), at=AT).waiting


class TestTheCentralSentence:
    def test_a_greeting_never_stands_for_the_matter(self) -> None:
        said = [
            "您好，我想反映一个问题！小区里没有遮阴的地方。",
            "小区里没有遮阴的地方，热。",
            "没遮阴的地方",
        ]
        assert central_sentence(said) == "小区里没有遮阴的地方。"

    def test_of_equals_the_first_said(self) -> None:
        assert central_sentence(["路灯坏了一个月", "电梯停了一个月"]) == "路灯坏了一个月"

    @pytest.mark.parametrize(("said", "told"), [([], ""), (["灯"], "灯"), (["长" * 100], "长" * 60), ([" "], "")])
    def test_there_is_always_an_answer(self, said: list[str], told: str) -> None:
        assert central_sentence(said) == told


def test_numbers_that_lead_to_a_person_are_said_to_be_left_out() -> None:
    assert shown_words("打13812345678，三号楼") == "打[telephone number]，三号楼"
    assert shown_words("三号楼 2024 年 306 户") == "三号楼 2024 年 306 户"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("worker@天骄社区", "天骄社区, community worker"),
        ("resident", "a resident"),
        ("system:clock", "by itself, at its hour"),
        ("open311@平台", "平台, open311"),
    ],
)
def test_a_role_is_an_office_and_never_a_name(label: str, said: str) -> None:
    assert role_words(label) == said


def test_a_share_tells_how_sure_it_is() -> None:
    assert share_words(wilson(3, 5)) == "60% (between 23% and 88%)"
    assert share_words(None) == ""


def test_the_reasons_of_a_hot_matter_are_said_in_words() -> None:
    why = {
        "people": 9,
        "supports": 12,
        "objections": 1,
        "growth": 0.4,
        "last_30_days": 7,
        "before_that": 2,
        "last": "2026-07-01T08:00:00+00:00",
        "keywords": ["油烟"],
    }
    assert reasons_in_words(why, zone="Asia/Shanghai", now=AT) == [
        "7 people in the last 30 days",
        "2 in the 30 days before",
        "12 joined with a tap",
        "1 is against it",
        "last said on 1 Jul",
    ]


def test_what_was_not_said_before_is_new() -> None:
    why = {"last_30_days": 3, "before_that": 0, "growth": 0.4}
    reasons = reasons_in_words(why, zone="Asia/Shanghai", now=AT)
    assert reasons == ["3 people in the last 30 days", "nobody said it before that"]


@pytest.mark.parametrize("why", [{}, {"last": None}, {"last": "yesterday"}, {"growth": 0, "last_30_days": 0}])
def test_what_a_ranking_does_not_tell_is_left_out(why: dict[str, object]) -> None:
    assert reasons_in_words(why, zone="Asia/Shanghai", now=AT) == []


def test_a_code_is_read_in_fours() -> None:
    assert code_in_fours("ABCDEFGHJKMN") == "ABCD EFGH JKMN"
