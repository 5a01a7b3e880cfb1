"""One vote a person or household, before, during and after the days of voting; no thread from a voter to a ballot."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection

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
from tests.factories.people import AccountFactory, OrganisationFactory, PersonFactory, RoleFactory
from tests.factories.places import make_building
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.models import Ballot, RefusedAttempts, RollEntry, Round, VotingPass
from yiting.ballots.receipts import fresh_salt, make_leaf
from yiting.ballots.services import ballot_cast, ballot_check, paper_hand_out, voter_admit, voting_close
from yiting.ledger.models import Entry, Opening
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT
from yiting.people.models import Account, Household, Person, Role
from yiting.people.queries import get_account_phone, get_actor
from yiting.people.services import person_erase, person_export, phone_prove

pytestmark = pytest.mark.django_db
State = Round.State


class TestWhen:
    """Before, during and after."""

    @pytest.mark.parametrize("state", [State.COLLECTING, State.CHECKING, State.PUBLISHED, State.COUNTING])
    def test_only_an_open_round_takes_ballots(self, town: Town, state: str) -> None:
        round = make_round(state, place=town.street)
        with pytest.raises(errors.NotOpen, match=r"2026-07-11.*2026-07-20"):
            cast(round, [1], make_resident(town.estate), at=CLOSED)
        counted = RefusedAttempts.objects.get()
        assert (counted.why, counted.number, Ballot.objects.count()) == ("closed", 1, 0)

    def test_the_last_day_ends_even_if_nobody_closes_it(self, town: Town) -> None:
        round = make_round(place=town.street)
        cast(round, [1], make_resident(town.estate), at=datetime(2026, 7, 20, 15, 59, tzinfo=UTC))
        with pytest.raises(errors.NotOpen):
            cast(round, [1], make_resident(town.estate), at=datetime(2026, 7, 20, 16, 0, tzinfo=UTC))

    def test_a_clock_set_back_takes_no_ballot(self, town: Town) -> None:
        round = make_round(place=town.street)
        with pytest.raises(errors.ClockSetBack):
            cast(round, [1], make_resident(town.estate), at=PUBLISHED)
        assert RefusedAttempts.objects.get().why == "clock"


class TestWho:
    """For whom a round is."""

    def test_residents_of_the_place_whose_telephone_is_proved(self, town: Town) -> None:
        round = make_round(place=town.here)
        cast(round, [1], make_resident(town.estate))
        with pytest.raises(errors.NotEligible, match="Prove your telephone"):
            cast(round, [1], make_resident(town.estate, proved=False))
        with pytest.raises(errors.NotEligible, match="live in this place"):
            cast(round, [1], make_resident())
        with pytest.raises(errors.NotEligible, match="Sign in"):
            cast(round, [1], RESIDENT)
        assert not RefusedAttempts.objects.exists()

    def test_somebody_whom_the_office_entered_as_a_resident(self, town: Town) -> None:
        account = AccountFactory()
        PersonFactory(account=account)
        RoleFactory(account=account, kind="resident", organisation=None, place=town.estate)
        # the counter knows people by their number alone: without one they could vote there once more
        with pytest.raises(errors.NotEligible, match="Prove your telephone number"):
            cast(make_round(place=town.here), [1], get_actor(account, VOTING))
        phone_prove(account=account, phone="13800009999", at=VOTING)
        cast(make_round(place=town.here), [1], get_actor(account, VOTING))
        with pytest.raises(errors.NotEligible, match="Each household has one vote"):
            cast(make_round(place=town.here, by_household=True), [1], get_actor(account, VOTING))

    def test_deputies_and_nobody_else(self, town: Town) -> None:
        round = make_round(place=town.street, who="deputies", kind="yes_no")
        cast(round, {1: 1}, make_deputy(town.street, town.office))
        for by in (town.actor("street", town.office), make_resident(town.estate), make_deputy(town.there, town.theirs)):
            with pytest.raises(errors.NotEligible):
                cast(round, {1: 1}, by)

    def test_deputies_of_a_place_above_and_those_who_came_after_opening_move_no_majority(self, town: Town) -> None:
        round = make_round(place=town.here, who="deputies", kind="yes_no")
        late = make_deputy(town.here, town.ours)
        Role.objects.filter(account=late.account_id).update(since_on=round.opens_on + timedelta(days=1))
        for by in (late, make_deputy(town.street, town.office)):
            with pytest.raises(errors.NotEligible, match="first day of voting"):
                cast(round, {1: 1}, by)

    def test_members_of_the_named_organisations(self, town: Town) -> None:
        other = OrganisationFactory(place=town.here)
        round = make_round(place=town.street, who="members", organisations=[town.ours])
        cast(round, [1], town.actor("worker", town.ours))
        with pytest.raises(errors.NotEligible):
            cast(round, [1], town.actor("worker", other))


class TestOnce:
    """One ballot, and it is not changed."""

    def test_a_second_ballot_is_refused_and_counted_without_a_person(self, town: Town) -> None:
        round, voter = make_round(place=town.street), make_resident(town.estate)
        cast(round, [1], voter)
        for _again in range(2):
            with pytest.raises(errors.SecondBallot):
                cast(round, [2], voter)
        assert (Ballot.objects.get().marks, RollEntry.objects.count()) == ([[1, 1]], 1)
        counted = RefusedAttempts.objects.get()
        assert (counted.why, counted.number) == ("second", 2)
        assert {field.name for field in RefusedAttempts._meta.get_fields()} == {
            "id",
            "round",
            "why",
            "on",
            "number",
            "told",
        }

    def test_a_household_votes_once_whoever_comes(self, town: Town) -> None:
        round = make_round(place=town.street, by_household=True)
        first = make_resident(town.estate)
        home = Household.objects.get(persons__pk=first.person_id)
        cast(round, [1], first)
        with pytest.raises(errors.SecondBallot):
            cast(round, [2], make_resident(home=home))
        cast(make_round(place=town.street), [2], make_resident(home=home))

    def test_who_moves_house_votes_once(self, town: Town) -> None:
        round, voter = make_round(place=town.street, by_household=True), make_resident(town.estate)
        cast(round, [1], voter)
        Person.objects.filter(pk=voter.person_id).update(
            household=Household.objects.create(place=town.building, key="n")
        )
        with pytest.raises(errors.SecondBallot):
            cast(round, [2], voter)

    def test_the_same_form_sent_twice_gives_the_same_receipt(self, town: Town) -> None:
        round, voter, salt = make_round(place=town.street), make_resident(town.estate), fresh_salt()
        receipts = [
            ballot_cast(by=voter, round=round, pairs=[(2, 1), (1, 1)], salt=salt, at=VOTING) for _time in range(2)
        ]
        assert receipts[0] == receipts[1]
        assert Ballot.objects.count() == 1
        assert not RefusedAttempts.objects.exists()

    def test_a_secret_number_is_used_once(self, town: Town) -> None:
        round, salt = make_round(place=town.street), fresh_salt()
        ballot_cast(by=make_resident(town.estate), round=round, pairs=[(1, 1)], salt=salt, at=VOTING)
        with pytest.raises(errors.ReceiptTaken):
            ballot_cast(by=make_resident(town.estate), round=round, pairs=[(1, 1)], salt=salt, at=VOTING)
        with pytest.raises(errors.BallotUnfit, match="secret number"):
            ballot_cast(by=make_resident(town.estate), round=round, pairs=[(1, 1)], salt="1234", at=VOTING)
        assert RollEntry.objects.count() == 1

    def test_looking_at_a_ballot_casts_nothing(self, town: Town) -> None:
        round, voter = make_round(place=town.street), make_resident(town.estate)
        assert ballot_check(by=voter, round=round, pairs=[(2, 1), (1, 1)], at=VOTING) == ((1, 1), (2, 1))
        assert not Ballot.objects.exists()
        cast(round, [1], voter)
        with pytest.raises(errors.SecondBallot):
            ballot_check(by=voter, round=round, pairs=[(2, 1)], at=VOTING)


class TestAtTheCounter:
    """A worker confirms who may vote; the ballot is filled in on the shared tablet by a code."""

    def test_a_code_opens_one_ballot(self, town: Town) -> None:
        round, by = make_round(place=town.street), town.actor("worker", town.ours)
        code = voter_admit(by=by, round=round, building=town.building, home="101", phone="13900000001", at=VOTING)
        receipt = ballot_cast(
            by=RESIDENT, round=round, pairs=[(3, 1)], salt=fresh_salt(), pass_code=code.lower(), at=VOTING
        )
        assert Ballot.objects.get().leaf == receipt.leaf
        assert (RollEntry.objects.get().way, VotingPass.objects.count()) == ("counter", 0)
        with pytest.raises(errors.PassUnknown):
            ballot_cast(by=RESIDENT, round=round, pairs=[(3, 1)], salt=fresh_salt(), pass_code=code, at=VOTING)
        with pytest.raises(errors.SecondBallot):
            voter_admit(by=by, round=round, building=town.building, home="101", phone="13900000001", at=VOTING)

    def test_the_code_is_nowhere_kept(self, town: Town) -> None:
        round, by = make_round(place=town.street), town.actor("worker", town.ours)
        first = voter_admit(by=by, round=round, building=town.building, phone="13900000001", at=VOTING)
        second = voter_admit(by=by, round=round, building=town.building, phone="13900000001", at=VOTING)
        assert first not in VotingPass.objects.get().digest
        with pytest.raises(errors.PassUnknown):
            ballot_check(by=RESIDENT, round=round, pairs=[(1, 1)], pass_code=first, at=VOTING)
        ballot_check(by=RESIDENT, round=round, pairs=[(1, 1)], pass_code=second, at=VOTING)

    def test_a_home_has_one_vote_at_the_counter_as_well(self, town: Town) -> None:
        round, by = make_round(place=town.street, by_household=True), town.actor("worker", town.ours)
        code = voter_admit(by=by, round=round, building=town.building, home="2单元301", at=VOTING)
        ballot_cast(by=RESIDENT, round=round, pairs=[(3, 1)], salt=fresh_salt(), pass_code=code, at=VOTING)
        with pytest.raises(errors.SecondBallot):
            voter_admit(by=by, round=round, building=town.building, home="2-301", phone="13900000002", at=VOTING)

    @pytest.mark.parametrize(
        ("by_household", "more", "words"),
        [
            (True, {"building": None, "home": "101"}, "building"),
            (True, {"phone": "13900000001"}, "each household has one vote"),
            (False, {"home": "101"}, "telephone number"),
        ],
    )
    def test_too_little_said_is_refused(self, town: Town, by_household, more, words: str) -> None:
        round, by = make_round(place=town.street, by_household=by_household), town.actor("worker", town.ours)
        with pytest.raises(errors.WhoIsMissing, match=words):
            voter_admit(by=by, round=round, at=VOTING, **{"building": town.building, **more})

    def test_a_worker_admits_in_their_own_place_only(self, town: Town) -> None:
        round = make_round(place=town.street)
        elsewhere = make_building("9号楼", town.there)
        with pytest.raises(errors.WhoIsMissing):
            voter_admit(
                by=town.actor("worker", town.ours), round=round, building=elsewhere, phone="13900000001", at=VOTING
            )
        for by in (RESIDENT, town.actor("deputy", town.office), town.actor("alliance", town.ours)):
            with pytest.raises(errors.RoundMissing):
                voter_admit(by=by, round=round, building=town.building, phone="13900000001", at=VOTING)

    def test_a_number_of_another_home_uses_no_vote_of_that_home(self, town: Town) -> None:
        elsewhere = Household.objects.create(place=town.building, key="x")
        PersonFactory(phone="13900000003", household=elsewhere)
        round = make_round(place=town.here, by_household=True)
        worker = town.actor("worker", town.ours)
        for phone, refused in (("13900000003", False), ("", True)):
            with pytest.raises(errors.SecondBallot) if refused else nullcontext():
                paper_hand_out(by=worker, round=round, building=town.building, home="202", phone=phone, at=VOTING)
        assert RollEntry.objects.get().household != elsewhere

    def test_deputies_have_accounts(self, town: Town) -> None:
        round = make_round(place=town.street, who="deputies", kind="yes_no")
        with pytest.raises(errors.WhoIsMissing):
            voter_admit(by=EVERYWHERE, round=round, building=town.building, phone="13900000001", at=VOTING)
        stranger, deputy = AccountFactory(), Account.objects.get(pk=make_deputy(town.street, town.office).account_id)
        with pytest.raises(errors.NotEligible):
            voter_admit(by=EVERYWHERE, round=round, account=stranger, at=VOTING)
        code = voter_admit(by=EVERYWHERE, round=round, account=deputy, at=VOTING)
        ballot_cast(by=RESIDENT, round=round, pairs=[(1, 1)], salt=fresh_salt(), pass_code=code, at=VOTING)
        assert (RollEntry.objects.get().account, RollEntry.objects.get().way) == (deputy, "counter")
        with pytest.raises(errors.SecondBallot):
            voter_admit(by=EVERYWHERE, round=round, account=deputy, at=VOTING)


class TestUnlinkability:
    """Who has voted and what was voted have nothing in common."""

    def test_the_tables_share_no_column_but_the_round(self) -> None:
        def columns(model) -> set[str]:
            return {field.column for field in model._meta.concrete_fields}

        assert columns(RollEntry) & columns(Ballot) == {"id", "round_id"}
        assert columns(RollEntry) == {"id", "round_id", "person_id", "household_id", "account_id", "way", "seal"}
        assert columns(Ballot) == {"id", "round_id", "marks", "salt", "leaf", "estate_id", "on_paper"}

    def test_no_table_points_at_a_row_of_either(self) -> None:
        pointing = [
            (model._meta.label, field.name)
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.concrete_fields
            if field.related_model in (RollEntry, Ballot)
        ]
        assert pointing == []

    def test_keys_are_random(self, town: Town) -> None:
        round = make_round(place=town.street)
        for _each in range(3):
            cast(round, [1], make_resident(town.estate))
        keys = {*RollEntry.objects.values_list("pk", flat=True), *Ballot.objects.values_list("pk", flat=True)}
        assert len(keys) == 6
        assert {key.version for key in keys} == {4}

    def test_casting_writes_two_rows_and_nothing_else(self, town: Town) -> None:
        round, voter = make_round(place=town.street), make_resident(town.estate)
        before = _everything()
        receipt = cast(round, [2, 3], voter)
        after = _everything()
        changed = {label for label in after if after[label] != before[label]}
        assert changed == {"ballots.RollEntry", "ballots.Ballot"}
        assert receipt.leaf in after["ballots.Ballot"]

    def test_neither_ledger_nor_notice_knows_a_ballot(self, town: Town) -> None:
        round, voter = make_round(place=town.street), make_resident(town.estate)
        before = (Entry.objects.count(), Notice.objects.count())
        receipt = cast(round, [2, 3], voter)
        assert (Entry.objects.count(), Notice.objects.count()) == before
        opened = " ".join(Opening.objects.values_list("facts", flat=True))
        assert receipt.leaf not in opened
        assert receipt.salt not in opened

    def test_a_copy_of_ones_data_tells_that_not_what(self, town: Town) -> None:
        round, voter = make_round(place=town.street), make_resident(town.estate)
        receipt = cast(round, [2, 3], voter)
        copy = person_export(by=voter, person=Person.objects.get(pk=voter.person_id), at=VOTING)
        written = json.dumps(copy, ensure_ascii=False, default=str)
        assert {"kind": "voted", "round": round.code, "way": "own"} in copy["ballots"]
        assert receipt.leaf not in written
        assert receipt.salt not in written

    def test_erasing_a_person_leaves_the_count(self, town: Town) -> None:
        round, voter = make_round(place=town.street, by_household=True), make_resident(town.estate)
        cast(round, [2, 3], voter)
        person_erase(by=voter, person=Person.objects.get(pk=voter.person_id), at=VOTING)
        row = RollEntry.objects.get()
        assert (row.person_id, row.household_id, Ballot.objects.count()) == (None, None, 1)

    @pytest.mark.parametrize("by_household", [False, True])
    def test_nobody_votes_twice_by_being_erased(self, town: Town, by_household: bool) -> None:
        round, voter = make_round(place=town.street, by_household=by_household), make_resident(town.estate)
        home = Household.objects.get()
        cast(round, [1], voter)
        other = make_resident(home=home)
        phone = get_account_phone(Account.objects.get(pk=voter.account_id))
        assert phone is not None
        person_erase(by=voter, person=Person.objects.get(pk=voter.person_id), at=VOTING)
        if by_household:
            again = other
        else:
            account = AccountFactory()
            PersonFactory(account=account, household=home, phone=phone[0])
            again = get_actor(account, VOTING)
        with pytest.raises(errors.SecondBallot):
            cast(round, [2], again)
        voting_close(by=EVERYWHERE, round=round, reason="到期", at=CLOSED)
        assert not RollEntry.objects.exclude(seal="").exists(), "after closing nobody needs to be known again"


def test_a_leaf_stands_for_round_marks_and_salt(town: Town) -> None:
    round = make_round(place=town.street)
    receipt = cast(round, [3, 1], make_resident(town.estate))
    assert receipt.leaf == make_leaf(round.code, [(1, 1), (3, 1)], receipt.salt)
    others = {
        make_leaf("OTHER", [(1, 1), (3, 1)], receipt.salt),
        make_leaf(round.code, [(1, 1)], receipt.salt),
        make_leaf(round.code, [(1, 1), (3, 1)], fresh_salt()),
    }
    assert receipt.leaf not in others
    assert len(others) == 3


@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_box(town: Town, django_assert_num_queries, number: int) -> None:
    round = make_round(place=town.street)
    for _each in range(number):
        cast(round, [1], make_resident(town.estate))
    voter = make_resident(town.estate)
    with django_assert_num_queries(18):
        cast(round, [1, 2], voter)


def _everything() -> dict[str, str]:
    """The contents of all tables as text, by model."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            found[model._meta.label] = repr(sorted(map(repr, cursor.fetchall())))
    return found
