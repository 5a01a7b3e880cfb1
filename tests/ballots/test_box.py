"""The box: shuffled while it is open, sealed at closing, proved by receipts, opened by observers alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.ballots import (
    CLOSED,
    EVERYWHERE,
    VOTING,
    cast,
    make_deputy,
    make_resident,
    make_round,
)
from tests.factories.places import make_estate
from tests.factories.town import Town
from yiting.ballots import errors
from yiting.ballots.models import Ballot, RefusedAttempts, RollEntry, Round, VotingPass
from yiting.ballots.receipts import fresh_salt, make_leaf, prove, tree_root
from yiting.ballots.services import (
    box_shuffle,
    observer_appoint,
    openings_read,
    round_call_off,
    voter_admit,
    voting_close,
)
from yiting.ledger.queries import list_entries
from yiting.methods import merkle
from yiting.people.actors import Actor
from yiting.people.models import Account

pytestmark = pytest.mark.django_db
State = Round.State
VOTERS = 24


def physical(model: type[Ballot] | type[RollEntry], column: str) -> list[str]:
    """A column in the order in which the rows lie in the database."""
    order = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} ORDER BY {order}")
        return [str(row[0]) for row in cursor.fetchall()]


def full_box(town: Town) -> tuple[Round, list[str]]:
    """An open round and the leaves in the order in which people voted."""
    round = make_round(place=town.street)
    return round, [cast(round, [1], make_resident(town.estate)).leaf for _each in range(VOTERS)]


class TestShuffling:
    """The order of rows tells nothing of who came when."""

    def test_box_and_roll_are_rewritten_in_orders_of_their_own(self, town: Town) -> None:
        round, came = full_box(town)
        people = physical(RollEntry, "person_id")
        assert physical(Ballot, "leaf") == came, "before the shuffle the order is that of the voters"
        assert box_shuffle(by=EVERYWHERE, round=round, at=VOTING) == VOTERS
        leaves, shuffled = physical(Ballot, "leaf"), physical(RollEntry, "person_id")
        assert (sorted(leaves), sorted(shuffled)) == (sorted(came), sorted(people))
        assert leaves != came, "the chance of the same order again is one in 24!"
        assert shuffled != people
        assert [came.index(leaf) for leaf in leaves] != [people.index(person) for person in shuffled]

    def test_keys_are_new_as_well(self, town: Town) -> None:
        round, _came = full_box(town)
        before = {*Ballot.objects.values_list("pk", flat=True), *RollEntry.objects.values_list("pk", flat=True)}
        box_shuffle(by=EVERYWHERE, round=round, at=VOTING)
        after = {*Ballot.objects.values_list("pk", flat=True), *RollEntry.objects.values_list("pk", flat=True)}
        assert len(after) == 2 * VOTERS
        assert not before & after

    def test_closing_shuffles_once_more(self, town: Town) -> None:
        round, came = full_box(town)
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        assert physical(Ballot, "leaf") != came

    def test_another_round_is_left_alone(self, town: Town) -> None:
        one, other = make_round(place=town.street), make_round(place=town.street)
        cast(other, [1], make_resident(town.estate))
        before = Ballot.objects.get().pk
        assert box_shuffle(by=EVERYWHERE, round=one, at=VOTING) == 0
        assert Ballot.objects.get().pk == before

    def test_a_round_that_is_called_off_keeps_its_secret(self, town: Town) -> None:
        round, came = full_box(town)
        voter_admit(by=EVERYWHERE, round=round, building=town.building, phone="13900000001", at=VOTING)
        round_call_off(by=EVERYWHERE, round=round, reason="资金没有批下来", at=VOTING)
        assert physical(Ballot, "leaf") != came
        assert sorted(physical(Ballot, "leaf")) == sorted(came)
        assert not VotingPass.objects.exists()

    def test_a_closed_box_is_not_touched(self, town: Town) -> None:
        round, _came = full_box(town)
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        before = physical(Ballot, "leaf")
        assert box_shuffle(by=EVERYWHERE, round=round, at=CLOSED) == 0
        assert physical(Ballot, "leaf") == before

    def test_codes_of_the_day_are_gone(self, town: Town) -> None:
        round = make_round(place=town.street)
        voter_admit(by=EVERYWHERE, round=round, building=town.building, phone="13900000009", at=VOTING)
        box_shuffle(by=EVERYWHERE, round=round, at=VOTING)
        assert not VotingPass.objects.exists()

    def test_what_was_refused_is_told_once_by_kind_and_day(self, town: Town) -> None:
        round, voter = make_round(place=town.street), make_resident(town.estate)
        cast(round, [1], voter)
        for _again in range(3):
            with pytest.raises(errors.SecondBallot):
                cast(round, [1], voter)
        for _run in range(2):
            box_shuffle(by=EVERYWHERE, round=round, at=VOTING)
        told = [
            row.facts
            for row in list_entries("ballots.round", [round.pk], public_only=True)
            if row.kind == "ballots.attempts.refused"
        ]
        assert told == [{"why": "second", "number": 3, "on": "2026-07-15"}]
        with pytest.raises(errors.SecondBallot):
            cast(round, [1], voter)
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        assert RefusedAttempts.objects.get().told == 4


class TestClosing:
    """The root over all receipts goes into the ledger."""

    def test_root_and_number_are_told(self, town: Town) -> None:
        round, came = full_box(town)
        held = voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        told = list_entries("ballots.round", [round.pk], public_only=True)[-1].facts
        assert (held.ballot_count, held.root) == (VOTERS, tree_root(came))
        assert (told["ballots"], told["root"], told["on_roll"]) == (VOTERS, held.root, VOTERS)

    def test_an_empty_box_closes_too(self) -> None:
        held = voting_close(by=EVERYWHERE, round=make_round(), reason="没有人投票", at=CLOSED)
        assert (held.ballot_count, held.root) == (0, merkle.EMPTY_ROOT.hex())

    def test_residents_vote_to_the_end_of_the_last_day_and_deputies_may_be_done(self, town: Town) -> None:
        last = CLOSED - timedelta(days=1)
        with pytest.raises(errors.TooEarly):
            voting_close(by=EVERYWHERE, round=make_round(), reason="早一点", at=last)
        round = make_round(place=town.street, who="deputies", kind="yes_no")
        cast(round, {1: 1}, make_deputy(town.street, town.office))
        assert voting_close(by=EVERYWHERE, round=round, reason="表决完毕", at=last).state == State.COUNTING

    def test_deputies_are_counted_when_voting_opens(self, town: Town) -> None:
        make_deputy(town.street, town.office)
        make_deputy(town.street, town.office)
        make_deputy(town.there, town.theirs)
        assert make_round(place=town.street, who="deputies", kind="yes_no").electorate == 2
        assert make_round(place=town.street).electorate is None


class TestEstates:
    """An estate stands beside a ballot only where it tells of nobody."""

    def test_small_estates_are_never_written(self, town: Town) -> None:
        round = make_round(place=town.street)
        cast(round, [1], make_resident(make_estate(households=29)))
        cast(round, [1], make_resident(make_estate(households=30)))
        assert sorted(one.estate is None for one in Ballot.objects.select_related("estate")) == [False, True]

    def test_where_few_voted_they_are_told_of_together(self, town: Town) -> None:
        round = make_round(place=town.street, smallest_group=5)
        large, few = make_estate(households=300), make_estate(households=300)
        for estate, number in ((large, 6), (few, 5), (None, 1)):
            for _each in range(number):
                cast(round, [1], make_resident(estate))
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        counts = {place: Ballot.objects.filter(estate=place).count() for place in (large, few, None)}
        # the one without an estate would be told apart by what is missing, so the smaller estate joins it
        assert counts == {large: 6, few: 0, None: 6}

    @pytest.mark.parametrize(("numbers", "left"), [((5, 5), (5, 5)), ((4, 9), (0, 0)), ((4, 4, 9), (0, 0, 9))])
    def test_no_group_smaller_than_the_least_is_left(self, town: Town, numbers, left) -> None:
        round = make_round(place=town.street, smallest_group=5)
        estates = [make_estate(households=300) for _number in numbers]
        for estate, number in zip(estates, numbers, strict=True):
            for _each in range(number):
                cast(round, [1], make_resident(estate))
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        assert tuple(Ballot.objects.filter(estate=estate).count() for estate in estates) == left

    @pytest.mark.parametrize(("papers", "left"), [(5, 5), (4, 0)])
    def test_paper_is_told_apart_where_enough_voted_on_it(self, town: Town, papers: int, left: int) -> None:
        round = make_round(place=town.street, smallest_group=5)
        for _each in range(10):
            cast(round, [1], make_resident(make_estate()))
        Ballot.objects.filter(pk__in=list(Ballot.objects.values_list("pk", flat=True)[:papers])).update(on_paper=True)
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        assert Ballot.objects.filter(on_paper=True).count() == left


class TestReceipts:
    """A receipt proves that its ballot is in the count, and a made-up one does not."""

    def test_every_receipt_verifies(self, town: Town) -> None:
        round, came = full_box(town)
        held = voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        leaves = list(Ballot.objects.values_list("leaf", flat=True))
        for leaf in came:
            proof = prove(leaves, leaf)
            assert proof is not None
            assert (proof.root, proof.size, proof.holds) == (held.root, VOTERS, True)

    def test_a_forged_one_does_not(self, town: Town) -> None:
        _round, came = full_box(town)
        forged = make_leaf("FORGED", [(1, 1)], fresh_salt())
        assert prove(came, forged) is None
        proof = prove(came, came[0])
        assert proof is not None
        for lie in (
            {"leaf": forged},
            {"index": proof.index ^ 1},
            {"root": tree_root([*came[1:], forged])},
            {"path": proof.path[:-1]},
        ):
            fields = {"leaf": proof.leaf, "index": proof.index, "size": proof.size, "root": proof.root}
            assert not type(proof)(**{**fields, "path": proof.path, **lie}).holds

    @given(st.sets(st.integers(min_value=0, max_value=2**64), min_size=1, max_size=40), st.randoms())
    def test_the_tree_does_not_depend_on_the_order(self, numbers, random) -> None:
        leaves = [make_leaf("CODE", [(1, number)], "s") for number in sorted(numbers)]
        mixed = random.sample(leaves, len(leaves))
        root = tree_root(leaves)
        assert tree_root(mixed) == root
        for leaf in leaves:
            proof = prove(mixed, leaf)
            assert proof is not None
            assert proof.holds
            assert proof.root == root


class TestObservers:
    """Appointed people open the ballots after closing, and the ledger tells."""

    def test_they_recompute_every_leaf(self, town: Town) -> None:
        round, came = full_box(town)
        observer = town.actor("deputy", town.office)
        observer_appoint(by=EVERYWHERE, round=round, account=_account(observer), at=VOTING)
        with pytest.raises(errors.NotAllowed):
            openings_read(by=observer, round=round, at=VOTING)
        voting_close(by=EVERYWHERE, round=round, reason="投票结束", at=CLOSED)
        opened = openings_read(by=observer, round=round, at=CLOSED)
        assert [make_leaf(round.code, one["marks"], one["salt"]) for one in opened] == sorted(came)
        assert list_entries("ballots.round", [round.pk])[-1].kind == "ballots.box.opened"

    @pytest.mark.parametrize("kind", ["worker", "street", "admin", "deputy"])
    def test_nobody_else_does(self, town: Town, kind: str) -> None:
        round = make_round(State.COUNTING, place=town.street)
        with pytest.raises(errors.NotAllowed):
            openings_read(by=town.actor(kind, town.office), round=round, at=CLOSED)
        with pytest.raises(errors.NotAllowed):
            openings_read(by=EVERYWHERE, round=round, at=CLOSED)

    def test_what_was_called_off_is_never_opened(self, town: Town) -> None:
        round, _came = full_box(town)
        observer = town.actor("deputy", town.office)
        observer_appoint(by=EVERYWHERE, round=round, account=_account(observer), at=VOTING)
        round_call_off(by=EVERYWHERE, round=round, reason="程序有误", at=VOTING)
        with pytest.raises(errors.NotAllowed):
            openings_read(by=observer, round=round, at=CLOSED)


def _account(actor: Actor) -> Account:
    return Account.objects.get(pk=actor.account_id)
