"""Paper ballots: a number each, handed out against the roll, entered by two different people, counted once."""

from __future__ import annotations

import pytest

from tests.factories.ballots import (
    CLOSED,
    EVERYWHERE,
    PUBLISHED,
    VOTING,
    cast,
    make_deputy,
    make_resident,
    make_round,
)
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.marks import Difference
from yiting.ballots.models import Ballot, Kind, Paper, PaperEntry, RollEntry, Round
from yiting.ballots.queries.bench import get_paper_page
from yiting.ballots.services import (
    PaperReading,
    candidate_withdraw,
    paper_enter,
    paper_hand_out,
    paper_spoil,
    papers_print,
    voting_close,
)
from yiting.people.models import Account, Person
from yiting.people.queries import get_account_phone

pytestmark = pytest.mark.django_db
State = Paper.State


@pytest.fixture
def round(town: Town) -> Round:
    """An open round with one paper handed out."""
    made = make_round(place=town.street)
    hand_out(town, made, "13900000001")
    return made


def hand_out(town: Town, round: Round, phone: str) -> RollEntry:
    return paper_hand_out(by=EVERYWHERE, round=round, building=town.building, phone=phone, at=VOTING)


def printed(round: Round, number: int = 1) -> list[Paper]:
    return papers_print(by=EVERYWHERE, round=round, number=number, at=VOTING)


def enter(round: Round, paper: Paper, marks, by, at=VOTING):
    return paper_enter(by=by, round=round, serial=paper.serial, pairs=[(n, 1) for n in marks], at=at)


def spoil(round: Round, paper: Paper, reason: str, by):
    return paper_spoil(by=by, round=round, serial=paper.serial, reason=reason, at=VOTING)


def test_two_people_who_read_the_same_make_one_ballot(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    first, second = town.actor("worker", town.ours), town.actor("worker", town.theirs)
    assert enter(round, paper, [1, 3], first).state == State.ENTERED
    assert not Ballot.objects.exists()
    assert enter(round, paper, [3, 1], second).state == State.COUNTED
    assert (Ballot.objects.get().marks, Ballot.objects.get().on_paper) == ([[1, 1], [3, 1]], True)
    assert not PaperEntry.objects.exists(), "of a counted paper only its number is left"


def test_one_person_alone_does_not_make_a_ballot(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    first = town.actor("worker", town.ours)
    for _again in range(3):
        assert enter(round, paper, [1], first).state == State.ENTERED
    assert not Ballot.objects.exists()


def test_what_differs_is_shown_and_settled(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    first, second = town.actor("worker", town.ours), town.actor("worker", town.theirs)
    enter(round, paper, [1, 3], first)
    reading = enter(round, paper, [1, 4], second)
    assert (reading.state, [(one.number, one.marks) for one in reading.differences]) == (
        State.DIFFERENT,
        [(3, (1, None)), (4, (None, 1))],
    )
    with pytest.raises(errors.PapersOpen, match=r"1 paper"):
        voting_close(by=EVERYWHERE, round=round, reason="结束", at=CLOSED)
    assert enter(round, paper, [1, 4], first).state == State.COUNTED
    assert Ballot.objects.get().marks == [[1, 1], [4, 1]]


def test_a_third_reader_settles_it_too(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    for marks, state in (([1], State.ENTERED), ([2], State.DIFFERENT), ([2], State.COUNTED)):
        assert enter(round, paper, marks, town.actor("worker", town.ours)).state == state


def test_a_number_counts_once(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    for _reader in range(2):
        enter(round, paper, [1], town.actor("worker", town.ours))
    with pytest.raises(errors.PaperUsed, match=paper.serial):
        enter(round, paper, [2], town.actor("worker", town.ours))
    with pytest.raises(errors.PaperUsed):
        spoil(round, paper, "涂改", town.actor("worker", town.ours))
    assert Ballot.objects.count() == 1


def test_there_are_no_more_papers_than_were_handed_out(town: Town, round: Round) -> None:
    for paper, refused in zip(printed(round, 2), (False, True), strict=True):
        enter(round, paper, [1], town.actor("worker", town.ours))
        by = town.actor("worker", town.ours)
        if refused:
            with pytest.raises(errors.MorePapersThanVoters, match=r"1 paper"):
                enter(round, paper, [1], by)
        else:
            enter(round, paper, [1], by)
    assert Ballot.objects.count() == 1


def test_who_got_a_paper_has_used_their_vote(town: Town) -> None:
    round = make_round(place=town.street)
    voter = make_resident(town.estate)
    found = get_account_phone(Account.objects.get(pk=voter.account_id))
    assert found is not None
    hand_out(town, round, found[0])
    assert RollEntry.objects.get().person_id == voter.person_id
    with pytest.raises(errors.SecondBallot):
        cast(round, [1], voter)
    with pytest.raises(errors.SecondBallot):
        hand_out(town, round, found[0])
    assert Person.objects.filter(pk=voter.person_id).exists()


def test_deputies_get_paper_by_their_account(town: Town) -> None:
    round = make_round(place=town.street, who="deputies", kind=Kind.YES_NO)
    deputy = make_deputy(town.street, town.office)
    account = Account.objects.get(pk=deputy.account_id)
    paper_hand_out(by=EVERYWHERE, round=round, account=account, at=VOTING)
    with pytest.raises(errors.SecondBallot):
        cast(round, {1: 1}, deputy)
    stranger = Account.objects.get(pk=town.actor("worker", town.ours).account_id)
    with pytest.raises(errors.NotEligible):
        paper_hand_out(by=EVERYWHERE, round=round, account=stranger, at=VOTING)
    with pytest.raises(errors.WhoIsMissing):
        paper_hand_out(by=EVERYWHERE, round=round, at=VOTING)


def test_a_paper_printed_before_a_withdrawal_keeps_its_other_marks(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    candidate_withdraw(by=EVERYWHERE, round=round, number=3, reason="管线要先迁", at=VOTING)
    for _reader in range(2):
        reading = enter(round, paper, [1, 3], town.actor("worker", town.ours))
    assert reading.state == State.COUNTED
    assert Ballot.objects.get().marks == [[1, 1], [3, 1]]


def test_papers_are_entered_after_the_last_day_until_it_is_closed(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    enter(round, paper, [1], town.actor("worker", town.ours), at=CLOSED)
    enter(round, paper, [1], town.actor("worker", town.theirs), at=CLOSED)
    voting_close(by=EVERYWHERE, round=round, reason="结束", at=CLOSED)
    (late,) = Paper.objects.bulk_create([Paper(round=round, serial="LATE2345")])
    with pytest.raises(errors.NotOpen):
        enter(round, late, [1], town.actor("worker", town.ours), at=CLOSED)


def test_a_spoiled_paper_is_set_aside_by_two_people_with_its_reason(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    first, second = town.actor("worker", town.ours), town.actor("worker", town.ours)
    enter(round, paper, [1], first)
    with pytest.raises(errors.ReasonMissing):
        spoil(round, paper, "", first)
    assert spoil(round, paper, "撕了一半", first) == PaperReading(State.ENTERED)
    assert spoil(round, paper, "撕坏了", first) == PaperReading(State.ENTERED)
    assert spoil(round, paper, "看不清", second) == PaperReading(State.SPOILED)
    paper.refresh_from_db()
    assert (paper.state, paper.reason, PaperEntry.objects.count()) == (State.SPOILED, "看不清", 0)
    with pytest.raises(errors.PaperUsed):
        enter(round, paper, [1], first)


def test_nobody_sets_aside_alone_what_somebody_else_reads(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    first, second, third = (town.actor("worker", town.ours) for _reader in range(3))
    enter(round, paper, [2], first)
    differs = spoil(round, paper, "涂改", second)
    assert (differs.state, differs.differences) == (State.DIFFERENT, (Difference(2, (1, None)),))
    page = get_paper_page(round, paper.serial, third)
    assert page.unfit == ("涂改",)
    assert enter(round, paper, [2], third).state == State.COUNTED
    assert Ballot.objects.count() == 1


def test_bad_numbers_are_refused(town: Town, round: Round) -> None:
    for number in (0, 501):
        with pytest.raises(errors.NumberUnfit):
            papers_print(by=EVERYWHERE, round=round, number=number, at=VOTING)
    with pytest.raises(errors.PaperMissing):
        paper_enter(by=town.actor("worker", town.ours), round=round, serial="NONE", pairs=[(1, 1)], at=VOTING)
    other = make_round(place=town.street)
    (paper,) = printed(other)
    with pytest.raises(errors.PaperMissing):
        paper_enter(by=town.actor("worker", town.ours), round=round, serial=paper.serial, pairs=[(1, 1)], at=VOTING)


def test_a_mark_that_does_not_fit_is_refused(town: Town, round: Round) -> None:
    (paper,) = printed(round)
    with pytest.raises(errors.BallotUnfit, match=r"No. 9"):
        enter(round, paper, [9], town.actor("worker", town.ours))


def test_papers_are_printed_once_the_list_is_public(town: Town) -> None:
    made = make_round(Round.State.PUBLISHED, place=town.street)
    assert len(papers_print(by=EVERYWHERE, round=made, number=3, at=PUBLISHED)) == 3
    with pytest.raises(errors.StepNotPossible):
        papers_print(by=EVERYWHERE, round=make_round(Round.State.CHECKING), number=3, at=PUBLISHED)


@pytest.mark.parametrize("kind", ["deputy", "alliance"])
def test_whom_it_is_not_enters_nothing(town: Town, round: Round, kind: str) -> None:
    (paper,) = printed(round)
    by = town.actor(kind, town.office)
    with pytest.raises(errors.RoundMissing):
        enter(round, paper, [1], by)
    with pytest.raises(errors.RoundMissing):
        spoil(round, paper, "坏", by)
    with pytest.raises(errors.RoundMissing):
        papers_print(by=by, round=round, number=1, at=VOTING)
    with pytest.raises(errors.NotAllowed):
        enter(round, paper, [1], EVERYWHERE)
    with pytest.raises(errors.NotAllowed):
        spoil(round, paper, "坏", EVERYWHERE)
