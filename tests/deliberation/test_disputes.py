"""Quarrels are their parties' and their mediator's; for everybody else they are not there, on no page, in no list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.activities import AT, EVERYWHERE
from tests.factories.people import AccountFactory, PersonFactory, RoleFactory
from tests.factories.town import Town
from yiting.deliberation.errors import (
    AgreementMissing,
    DisputeClosed,
    DisputeMissing,
    NotAllowed,
    PartiesUnfit,
    WordsMissing,
    WordsTooLong,
)
from yiting.deliberation.models import Dispute, DisputeNote, DisputeParty
from yiting.deliberation.queries.disputes import get_dispute_page, list_disputes, list_mediators
from yiting.deliberation.services import (
    Quarreller,
    dispute_agree,
    dispute_agreement_set,
    dispute_close,
    dispute_hand_over,
    dispute_note,
    dispute_open,
    disputes_rotate,
)
from yiting.ledger.models import Entry, Opening
from yiting.ledger.services import ledger_verify
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT, Actor
from yiting.people.models import Account, PersonalReading, Role, RoleKind
from yiting.people.queries import get_actor
from yiting.people.services import person_erase, person_export
from yiting.places.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SUBJECT, NOTE, TEXT = "三楼漏水到二楼", "对方半夜敲墙", "三楼月底前修好，二楼自付粉刷"
PARTIES = (Quarreller(name="田大爷", phone="13800000001"), Quarreller(name="郝大妈", phone="13800000002"))
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Quarrel:
    """A record with its mediator and both parties signed in."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.account = town.member("worker", town.ours)
        self.mediator = get_actor(self.account, AT)
        self.dispute = dispute_open(by=self.mediator, place=town.estate, subject=SUBJECT, parties=PARTIES, at=AT)
        self.rows = list(DisputeParty.objects.order_by("position"))
        self.accounts = [self._with_account(row) for row in self.rows]
        self.parties = [get_actor(account, AT) for account in self.accounts]

    def strangers(self) -> list[Actor]:
        """Every role, at the place, above it and elsewhere; a resident; a browser without an account; the system."""
        town, found = self.town, []
        for kind in RoleKind.values:
            for organisation in (town.ours, town.theirs, town.office):
                found.append(get_actor(town.member(kind, organisation), AT))
        account = AccountFactory()
        PersonFactory(account=account)
        return [*found, get_actor(account, AT), RESIDENT, EVERYWHERE]

    @staticmethod
    def _with_account(row: DisputeParty) -> Account:
        account = AccountFactory()
        row.person.account = account
        row.person.save(update_fields=["account"])
        return account


@pytest.fixture
def quarrel(town: Town) -> Quarrel:
    return Quarrel(town)


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def test_parties_and_mediator_go_through_to_an_agreement(quarrel: Quarrel) -> None:
    dispute, (first, second) = quarrel.dispute, quarrel.parties
    with pytest.raises(AgreementMissing):
        dispute_agree(by=first, dispute=dispute, at=AT)
    dispute_note(by=first, dispute=dispute, text=NOTE, at=AT)
    dispute_note(by=quarrel.mediator, dispute=dispute, text="看过现场", at=AT)
    dispute_agreement_set(by=quarrel.mediator, dispute=dispute, text="先看看", at=AT)
    dispute_agree(by=first, dispute=dispute, at=AT)
    dispute_agreement_set(by=quarrel.mediator, dispute=dispute, text=TEXT, at=AT)
    assert get_dispute_page(dispute.code, by=first, at=AT).may_agree
    dispute_agree(by=first, dispute=dispute, at=AT)
    assert dispute_agree(by=first, dispute=dispute, at=AT).state == "open"
    assert dispute_agree(by=quarrel.mediator, dispute=dispute, party=quarrel.rows[1], at=AT).state == "agreed"
    page = get_dispute_page(dispute.code, by=second, at=AT)
    assert (page.subject, page.agreement) == (SUBJECT, TEXT)
    assert [(note.number, note.text) for note in page.notes] == [(1, NOTE), (0, "看过现场")]
    dispute_close(by=quarrel.mediator, dispute=dispute, at=AT)
    for act in (
        lambda: dispute_note(by=first, dispute=dispute, text="还有", at=AT),
        lambda: dispute_agree(by=first, dispute=dispute, at=AT),
        lambda: dispute_agreement_set(by=quarrel.mediator, dispute=dispute, text="改", at=AT),
        lambda: dispute_close(by=quarrel.mediator, dispute=dispute, at=AT),
    ):
        with pytest.raises(DisputeClosed):
            act()


def test_a_party_does_none_of_the_mediators_acts(quarrel: Quarrel) -> None:
    party = quarrel.parties[0]
    for act in (
        lambda: dispute_agreement_set(by=party, dispute=quarrel.dispute, text=TEXT, at=AT),
        lambda: dispute_close(by=party, dispute=quarrel.dispute, at=AT),
        lambda: dispute_hand_over(by=party, dispute=quarrel.dispute, mediator=quarrel.accounts[0], at=AT),
    ):
        with pytest.raises(DisputeMissing):
            act()


def test_nobody_else_reads_or_writes_it_in_any_role(quarrel: Quarrel) -> None:
    dispute = quarrel.dispute
    dispute_agreement_set(by=quarrel.mediator, dispute=dispute, text=TEXT, at=AT)
    for by in quarrel.strangers():
        with pytest.raises(DisputeMissing):
            get_dispute_page(dispute.code, by=by, at=AT)
        assert list_disputes(by) == []
        for act in (
            lambda by=by: dispute_note(by=by, dispute=dispute, text=NOTE, at=AT),
            lambda by=by: dispute_agree(by=by, dispute=dispute, party=quarrel.rows[0], at=AT),
            lambda by=by: dispute_agreement_set(by=by, dispute=dispute, text=NOTE, at=AT),
            lambda by=by: dispute_close(by=by, dispute=dispute, at=AT),
            lambda by=by: dispute_hand_over(by=by, dispute=dispute, mediator=quarrel.account, at=AT),
        ):
            with pytest.raises(DisputeMissing):
                act()
    assert DisputeNote.objects.count() == 0


def test_every_address_of_a_record_is_not_there_for_others(quarrel: Quarrel) -> None:
    code, party = quarrel.dispute.code, quarrel.rows[0].pk
    addresses = [
        reverse("deliberation:dispute", args=[code]),
        *(
            reverse(f"deliberation:dispute_{name}", args=[code])
            for name in ("note", "agreement", "agree", "close", "hand_over")
        ),
        reverse("deliberation:dispute_agreed", args=[code, party]),
    ]
    missing = reverse("deliberation:dispute", args=["NEVERTHERE23"])
    for kind in RoleKind.values:
        for organisation in (quarrel.town.ours, quarrel.town.theirs, quarrel.town.office):
            client = quarrel.town.browser(kind, organisation)
            never = client.get(missing)
            for address in addresses:
                looked, sent = client.get(address), client.post(address, {"text": NOTE})
                # the page itself takes no posts, whatever its code
                assert (looked.status_code, sent.status_code) == (404, 405 if address == addresses[0] else 404)
                for answer in (looked, sent):
                    assert SUBJECT not in answer.content.decode()
            assert client.get(addresses[0]).content.decode().count("<h1") == never.content.decode().count("<h1")
            listed = client.get(reverse("deliberation:disputes"))
            assert listed.status_code == 200
            assert code not in listed.content.decode()
    stranger = Client().get(addresses[0])
    assert stranger.status_code in (302, 404)
    assert "NEVERTHERE" not in stranger.content.decode()


def test_its_own_see_it_and_only_the_mediator_sees_names(quarrel: Quarrel) -> None:
    address = reverse("deliberation:dispute", args=[quarrel.dispute.code])
    mine = browser(quarrel.account).get(address)
    assert "田大爷" in mine.content.decode()
    assert mine["Cache-Control"] == "no-store"
    reading = PersonalReading.objects.filter(account=quarrel.account)
    assert reading.count() == 2
    theirs = browser(quarrel.accounts[0]).get(address).content.decode()
    assert SUBJECT in theirs
    assert not [word for word in ("田大爷", "郝大妈", "13800000002") if word in theirs]
    listed = browser(quarrel.accounts[0]).get(reverse("deliberation:disputes")).content.decode()
    assert quarrel.dispute.code in listed
    assert SUBJECT not in listed


def test_whoever_no_longer_works_there_no_longer_sees_it(quarrel: Quarrel) -> None:
    Role.objects.filter(account=quarrel.account).update(until_on=AT.date())
    with pytest.raises(DisputeMissing):
        get_dispute_page(quarrel.dispute.code, by=get_actor(quarrel.account, AT), at=AT)


def test_it_is_handed_over_within_the_place_and_never_to_a_party(quarrel: Quarrel) -> None:
    town = quarrel.town
    with pytest.raises(NotAllowed):
        dispute_hand_over(
            by=quarrel.mediator, dispute=quarrel.dispute, mediator=town.member("worker", town.theirs), at=AT
        )
    RoleFactory(account=quarrel.accounts[0], kind="worker", organisation=town.ours, place=town.here)
    with pytest.raises(NotAllowed):
        dispute_hand_over(by=quarrel.mediator, dispute=quarrel.dispute, mediator=quarrel.accounts[0], at=AT)
    next_one = town.member("street", town.office)
    assert next_one in list_mediators(quarrel.dispute, at=AT)
    dispute_hand_over(by=quarrel.mediator, dispute=quarrel.dispute, mediator=next_one, at=AT)
    with pytest.raises(DisputeMissing):
        get_dispute_page(quarrel.dispute.code, by=quarrel.mediator, at=AT)
    assert get_dispute_page(quarrel.dispute.code, by=get_actor(next_one, AT), at=AT).mediating


def test_a_party_says_who_goes_on_once_the_mediator_has_gone(quarrel: Quarrel) -> None:
    dispute, (first, second) = quarrel.dispute, quarrel.parties
    next_one = quarrel.town.member("worker", quarrel.town.ours)
    address = reverse("deliberation:dispute_hand_over", args=[dispute.code])
    choice = {"mediator": next_one.pk}
    assert browser(quarrel.accounts[0]).post(address, choice).status_code == 404  # the mediator is still there
    Role.objects.filter(account=quarrel.account).update(until_on=now().date() - timedelta(days=1))
    page = browser(quarrel.accounts[0]).get(reverse("deliberation:dispute", args=[dispute.code])).content.decode()
    assert "原来的调解人已不在这里工作了" in page
    assert next_one.username in page
    with pytest.raises(NotAllowed):  # and never to one of the two
        dispute_hand_over(by=first, dispute=dispute, mediator=quarrel.accounts[1], at=now())
    for stranger in quarrel.strangers():
        with pytest.raises(DisputeMissing):
            dispute_hand_over(by=stranger, dispute=dispute, mediator=next_one, at=now())
    answer = browser(quarrel.accounts[0]).post(address, choice)
    assert answer["Location"] == reverse("deliberation:dispute", args=[dispute.code])
    assert get_dispute_page(dispute.code, by=get_actor(next_one, now()), at=now()).mediating
    with pytest.raises(DisputeMissing):
        dispute_hand_over(by=second, dispute=dispute, mediator=next_one, at=now())


def test_no_word_stands_in_the_clear_anywhere(quarrel: Quarrel) -> None:
    dispute_note(by=quarrel.parties[0], dispute=quarrel.dispute, text=NOTE, at=AT)
    dispute_agreement_set(by=quarrel.mediator, dispute=quarrel.dispute, text=TEXT, at=AT)
    stored = str(list(Dispute.objects.values())) + str(list(DisputeNote.objects.values()))
    assert not [word for word in (SUBJECT, NOTE, TEXT, "田大爷") if word in stored]
    entries = Entry.objects.filter(kind__startswith="deliberation.dispute.")
    assert entries.count() == 3
    assert not entries.filter(is_public=True).exists()
    assert set(Opening.objects.filter(entry__in=entries).values_list("facts", flat=True)) == {"{}"}
    assert Notice.objects.count() == 0
    assert disputes_rotate(by=EVERYWHERE) == 3
    assert get_dispute_page(quarrel.dispute.code, by=quarrel.mediator, at=AT).agreement == TEXT
    with pytest.raises(NotAllowed):
        disputes_rotate(by=quarrel.mediator)


def test_whoever_mediates_is_no_party_and_the_ledger_tells_no_role(town: Town) -> None:
    account = town.member("worker", town.ours)
    PersonFactory(account=account, phone=PARTIES[0].phone or "13800000009")
    parties = (Quarreller(phone=PARTIES[0].phone or "13800000009"), Quarreller(name="老李"))
    with pytest.raises(NotAllowed, match="no party"):
        dispute_open(by=get_actor(account, AT), place=town.estate, subject=SUBJECT, parties=parties, at=AT)
    Quarrel(town)
    roles = Entry.objects.filter(kind__startswith="deliberation.dispute.").values_list("role", flat=True)
    assert set(roles) == {"resident"}


def test_bad_input_opens_nothing(town: Town) -> None:
    worker = town.actor("worker", town.ours)
    same = Quarreller(phone="13800000001")
    for parties in ((), PARTIES[:1], PARTIES * 6, (PARTIES[0], Quarreller(name=" ")), (same, same)):
        with pytest.raises(PartiesUnfit):
            dispute_open(by=worker, place=town.estate, subject=SUBJECT, parties=parties, at=AT)
    with pytest.raises(WordsMissing):
        dispute_open(by=worker, place=town.estate, subject=" ", parties=PARTIES, at=AT)
    with pytest.raises(WordsTooLong):
        dispute_open(by=worker, place=town.estate, subject="长" * 201, parties=PARTIES, at=AT)
    for by in (RESIDENT, EVERYWHERE, town.actor("worker", town.theirs), town.actor("deputy", town.ours)):
        with pytest.raises(NotAllowed):
            dispute_open(by=by, place=town.estate, subject=SUBJECT, parties=PARTIES, at=AT)
    assert Dispute.objects.count() == 0


def test_a_copy_tells_only_that_there_is_one_and_erasing_takes_the_words(quarrel: Quarrel) -> None:
    first, second = quarrel.rows
    dispute_note(by=quarrel.parties[0], dispute=quarrel.dispute, text=NOTE, at=AT)
    dispute_note(by=quarrel.parties[1], dispute=quarrel.dispute, text="他先骂人", at=AT)
    dispute_note(by=quarrel.mediator, dispute=quarrel.dispute, text="看过现场", at=AT)
    dispute_agreement_set(by=quarrel.mediator, dispute=quarrel.dispute, text=TEXT, at=AT)
    (copy,) = person_export(by=EVERYWHERE, person=first.person, at=AT)["meetings"]
    assert copy["code"] == quarrel.dispute.code
    assert SUBJECT not in str(copy)
    person_erase(by=EVERYWHERE, person=first.person, at=AT)
    page = get_dispute_page(quarrel.dispute.code, by=quarrel.parties[1], at=AT)
    assert ([note.text for note in page.notes], page.subject, page.agreement) == (["", "他先骂人", ""], "", TEXT)
    person_erase(by=EVERYWHERE, person=second.person, at=AT)
    page = get_dispute_page(quarrel.dispute.code, by=quarrel.mediator, at=AT)
    assert ([note.text for note in page.notes], page.agreement) == (["", "", ""], "")
    assert ledger_verify().ok
