"""Limits of a kind: set while the list is made, public with the rule, kept by every rule and by every recount."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.factories.ballots import (
    CHECKED,
    CLOSED,
    EVERYWHERE,
    OPENED,
    PUBLISHED,
    VOTING,
    cast,
    make_deputy,
    make_resident,
    make_round,
)
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.export import ballots_file
from yiting.ballots.models import Allocation, KindLimit, Round, Rule
from yiting.ballots.queries.results import get_result_page
from yiting.ballots.services import (
    limit_lift,
    limit_set,
    round_count,
    round_publish,
    voting_close,
    voting_open,
)
from yiting.ledger.queries import list_entries
from yiting.methods.allocations import pb_read

pytestmark = pytest.mark.django_db
State = Round.State
DOCS = Path(__file__).resolve().parents[2] / "docs"
# Candidates cost 3, 2, 2.5 and 1.5 of 5; the first and the last are roads.
KINDS = {1: {"category": "道路"}, 2: {"category": "绿化"}, 3: {"category": "绿化"}, 4: {"category": "道路"}}


def limit(round: Round, category: str = "道路", at: Any = CHECKED, **most: int | None) -> KindLimit:
    return limit_set(by=EVERYWHERE, round=round, category=category, at=at, **most)


class TestSetting:
    """What is set, by whom and until when."""

    def test_the_last_limit_of_a_kind_stands_and_the_ledger_keeps_both(self, town: Town) -> None:
        round = make_round(State.CHECKING, place=town.street, candidates=KINDS)
        limit(round, most=2)
        limit(round, most=1, most_cost_fen=3_000_000)
        assert (KindLimit.objects.get().most, KindLimit.objects.get().most_cost_fen) == (1, 3_000_000)
        limit_lift(by=EVERYWHERE, round=round, category="道路", at=CHECKED)
        limit_lift(by=EVERYWHERE, round=round, category="道路", at=CHECKED)
        kinds = [row.kind for row in list_entries("ballots.round", [round.pk], public_only=True)]
        assert not KindLimit.objects.exists()
        assert (kinds.count("ballots.limit.set"), kinds.count("ballots.limit.lifted")) == (2, 1)

    @pytest.mark.parametrize(
        ("more", "refusal"),
        [
            ({"category": "绿地", "most": 1}, errors.KindMissing),
            ({"category": "", "most": 1}, errors.KindMissing),
            ({}, errors.LimitMissing),
            ({"most": 0}, errors.NumberUnfit),
            ({"most_cost_fen": 0}, errors.NumberUnfit),
            ({"most_cost_fen": 5_000_001}, errors.NumberUnfit),
        ],
    )
    def test_what_limits_nothing_is_refused(self, town: Town, more: dict[str, Any], refusal) -> None:
        round = make_round(State.CHECKING, place=town.street, candidates=KINDS)
        with pytest.raises(refusal):
            limit(round, **more)

    def test_it_stands_once_the_list_is_public(self, town: Town) -> None:
        round = make_round(State.PUBLISHED, place=town.street, candidates=KINDS)
        with pytest.raises(errors.SettledAlready):
            limit(round, most=1, at=PUBLISHED)
        with pytest.raises(errors.SettledAlready):
            limit_lift(by=EVERYWHERE, round=round, category="道路", at=PUBLISHED)

    @pytest.mark.parametrize("kind", ["deputy", "worker"])
    def test_whom_it_is_not_limits_nothing(self, town: Town, kind: str) -> None:
        round = make_round(State.COLLECTING, place=town.street, candidates=KINDS)
        with pytest.raises(errors.RoundMissing):
            limit_set(by=town.actor(kind, town.ours), round=round, category="道路", most=1, at=OPENED)

    def test_a_comma_in_a_kind_does_not_part_it(self, town: Town) -> None:
        round = make_round(State.CHECKING, place=town.street, candidates={1: {"category": "路,灯"}})
        assert limit(round, "路,灯", most=1).category == "路，灯"

    def test_a_kind_called_none_is_no_kind(self, town: Town) -> None:
        round = make_round(State.CHECKING, place=town.street, candidates={1: {"category": "None"}})
        assert round.candidates.get(number=1).category == ""


class TestPublishing:
    """A limit is part of what makes a list long enough."""

    def publish(self, round: Round) -> None:
        round_publish(by=EVERYWHERE, round=round, reason="名单公布", at=PUBLISHED)

    def test_what_its_kind_can_never_pay_is_named(self, town: Town) -> None:
        round = make_round(State.CHECKING, place=town.street, candidates=KINDS)
        limit(round, most_cost_fen=2_900_000)
        with pytest.raises(errors.DearerThanLimit, match="“新建议事亭” alone costs more than its kind “道路”"):
            self.publish(round)

    @pytest.mark.parametrize("most", [{"most_cost_fen": 3_000_000}, {"most": 1}, {"most": 2}])
    def test_the_limits_are_published_with_the_list(self, town: Town, most: dict[str, int]) -> None:
        round = make_round(State.CHECKING, place=town.street, candidates=KINDS)
        limit(round, **most)
        self.publish(round)
        facts = list_entries("ballots.round", [round.pk])[-1].facts
        assert facts["limits"] == [["道路", most.get("most"), most.get("most_cost_fen")]]

    def test_a_list_whose_limits_leave_nothing_to_choose_is_too_short(self, town: Town) -> None:
        roads = {number: {"category": "道路"} for number in (1, 2, 3, 4)}
        round = make_round(State.CHECKING, place=town.street, candidates=roads)
        limit(round, most=1)
        with pytest.raises(errors.ListTooShort):
            self.publish(round)


class TestCounting:
    """Every rule keeps the limit, and so do the scripts that count again."""

    def closed(self, town: Town, **more: Any) -> Round:
        round = make_round(State.CHECKING, place=town.street, candidates=KINDS, **more)
        limit(round, most=1)
        round_publish(by=EVERYWHERE, round=round, reason="名单公布", at=PUBLISHED)
        return voting_open(by=EVERYWHERE, round=round, reason="开始投票", at=VOTING)

    def finish(self, round: Round) -> list[int]:
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        round_count(by=EVERYWHERE, round=round, at=CLOSED)
        return list(Allocation.objects.get().winners)

    def again(self, script: str, text: str, folder: Path) -> list[int]:
        file = folder / "file"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-I", str(DOCS / script), str(file)]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        return [int(number) for number in told.stdout.split()]

    @pytest.mark.parametrize(
        "rule", [Rule.GREEDY, Rule.GREEDY_COST, Rule.EQUAL_SHARES, Rule.PHRAGMEN, Rule.MAX_WELFARE]
    )
    def test_of_two_roads_one_is_built(self, town: Town, rule: str, tmp_path: Path) -> None:
        round = self.closed(town, rule=rule)
        for marks in ([1, 4], [1, 4], [1, 4], [2], [3]):
            cast(round, marks, make_resident(town.estate))
        winners = self.finish(round)
        assert len({1, 4} & set(winners)) == 1
        text = ballots_file(Round.objects.select_related("place").get()).text
        assert [one.most for one in pb_read(text).election.limits] == [1]
        if rule in (Rule.GREEDY, Rule.GREEDY_COST, Rule.EQUAL_SHARES):
            assert self.again("recount_ballots.py", text, tmp_path) == winners

    def test_whoever_lost_is_told_that_the_limit_was_reached(self, town: Town) -> None:
        round = self.closed(town, rule=Rule.GREEDY)
        for marks in ([1, 4], [1, 4], [1], [2], [3]):
            cast(round, marks, make_resident(town.estate))
        assert self.finish(round) == [1, 2]
        told = {row.candidate.number: row.kept_out for row in get_result_page(Round.objects.get()).losses}
        assert told == {3: "", 4: "The limit of its kind “道路” was reached."}

    def test_deputies_too(self, town: Town, tmp_path: Path) -> None:
        round = self.closed(town, kind="yes_no", rule=Rule.MAJORITY, who="deputies")
        for _each in range(3):
            cast(round, {1: 1, 2: 1, 3: -1, 4: 1}, make_deputy(town.street, town.office))
        winners = self.finish(round)
        assert winners == [4, 2]
        text = ballots_file(Round.objects.select_related("place").get()).text
        assert self.again("recount_deputies.py", text, tmp_path) == winners
