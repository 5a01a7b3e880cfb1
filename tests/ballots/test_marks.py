"""What may stand on a ballot of each kind, and what a ballot is told that does not fit."""

from __future__ import annotations

import pytest

from tests.factories.ballots import VOTING, cast, make_deputy, make_resident, make_round
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.models import Ballot, Kind, RefusedAttempts, RollEntry, Round
from yiting.ballots.receipts import fresh_salt
from yiting.ballots.services import ballot_cast, ballot_check

pytestmark = pytest.mark.django_db
CASES = [
    (Kind.APPROVAL, None, {1: 1, 2: 1, 3: 1, 4: 1}, {1: 2}, "marked or not"),
    (Kind.UP_TO, 2, {1: 1, 4: 1}, {1: 1, 2: 1, 3: 1}, "3 are marked; at most 2"),
    (Kind.UP_TO, 2, {1: 1}, {1: 0}, "marked or not"),
    (Kind.POINTS, 10, {1: 7, 2: 3}, {1: 7, 2: 4}, "11 points"),
    (Kind.POINTS, 10, {1: 1}, {1: 0}, "from 1 up"),
    (Kind.RANKING, None, {3: 1, 1: 2}, {1: 1, 2: 1}, "each number once"),
    (Kind.RANKING, None, {4: 1}, {1: 1, 2: 3}, "none left out"),
    (Kind.KNAPSACK, None, {1: 1, 2: 1}, {1: -1}, "marked or not"),
    (Kind.YES_NO, None, {1: 1, 2: -1, 3: 0}, {1: 2}, "for, against or abstain"),
]


@pytest.mark.parametrize(("kind", "most", "fits", "unfit", "words"), CASES)
def test_each_kind_takes_its_own_marks(town: Town, kind: str, most, fits, unfit, words: str) -> None:
    who = "deputies" if kind == Kind.YES_NO else "residents"
    round = make_round(place=town.street, kind=kind, most=most, who=who)
    voter = make_deputy(town.street, town.office) if who == "deputies" else make_resident(town.estate)
    with pytest.raises(errors.BallotUnfit, match=words):
        cast(round, unfit, voter)
    assert not Ballot.objects.exists()
    assert not RollEntry.objects.exists()
    receipt = cast(round, fits, voter)
    assert dict(receipt.marks) == fits
    assert Ballot.objects.get().marks == [[number, fits[number]] for number in sorted(fits)]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [([], "Nothing is marked"), ([(9, 1)], "No. 9 is not on the list"), ([(1, 1), (1, 1)], "No. 1 is marked twice")],
)
def test_every_kind_refuses_what_is_no_ballot(town: Town, pairs, words: str) -> None:
    round = make_round(place=town.street)
    voter = make_resident(town.estate)
    for act in (
        lambda: ballot_cast(by=voter, round=round, pairs=pairs, salt=fresh_salt(), at=VOTING),
        lambda: ballot_check(by=voter, round=round, pairs=pairs, at=VOTING),
    ):
        with pytest.raises(errors.BallotUnfit, match=words):
            act()
    assert RefusedAttempts.objects.get().number == 2


def test_a_ballot_over_budget_says_by_how_much_and_is_counted(town: Town) -> None:
    round = make_round(place=town.street, kind=Kind.KNAPSACK)
    with pytest.raises(errors.OverBudget, match=r"75000 yuan.*50000.*25000 yuan too much"):
        cast(round, [1, 2, 3], make_resident(town.estate))
    counted = RefusedAttempts.objects.get()
    assert (counted.why, counted.number) == ("over_budget", 1)


def test_on_a_ballot_within_the_budget_only_one_alternative_is_marked(town: Town) -> None:
    either = {3: {"alternatives": "充电"}, 4: {"alternatives": "充电"}}
    round = make_round(place=town.street, kind=Kind.KNAPSACK, candidates=either)
    voter = make_resident(town.estate)
    with pytest.raises(errors.BallotUnfit, match=r"充电"):
        cast(round, [3, 4], voter)
    cast(round, [2, 3], voter)


def test_deputies_vote_for_against_or_abstain(town: Town) -> None:
    round = make_round(place=town.street, kind=Kind.YES_NO, who=Round.Who.DEPUTIES)
    deputy = make_deputy(town.street, town.office)
    cast(round, {1: 1, 2: -1, 3: 0, 4: 1}, deputy)
    assert RollEntry.objects.get().account_id == deputy.account_id
