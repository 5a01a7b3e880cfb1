"""Sending: after the commit, once, again after a failure, and visibly given up in the end."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction
from django.utils import translation

from tests.notices.conftest import actor_of, administrator
from tests.notices.gateways import Recording
from yiting.notices import delivery, queries
from yiting.notices.errors import NoticeMissing, NoticeNotFailed
from yiting.notices.models import Channel, Failure, Notice, State
from yiting.notices.services import QUIET, notice_queue, notice_retry, notices_deliver
from yiting.people.actors import system_actor
from yiting.people.models import Account, Person, PersonalReading, PersonalRecord
from yiting.people.services import person_erase, person_export

pytestmark = pytest.mark.django_db

Accounts = Callable[[str], Account]
Persons = Callable[..., Person]


def queue(person: Person, key: str, at: datetime, topic: str = "", **more: object) -> Notice:
    notice = notice_queue(key=key, person=person, subject=f"About {key}", topic=topic, at=at, **more)
    assert notice is not None
    return notice


@pytest.mark.django_db(transaction=True)
def test_a_notice_leaves_after_the_commit_and_once(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")
    with transaction.atomic():
        queue(person, "n1", at, link="/needs/1/")
        queue(person, "n2", at)
        assert Recording.sent == []
    assert Recording.sent == [
        ("+8613800000001", "About n1\nhttps://yiting.example/needs/1/"),
        ("+8613800000001", "About n2"),
    ]
    assert notices_deliver(at=at + timedelta(days=1)).claimed == 0
    assert len(Recording.sent) == 2


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_tells_nobody(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")

    class ChangeFailed(Exception):
        """The change that the notice would have told of did not happen."""

    def change(key: str) -> None:
        with transaction.atomic():
            queue(person, key, at)
            raise ChangeFailed

    with pytest.raises(ChangeFailed):
        change("n1")
    with transaction.atomic():
        with pytest.raises(ChangeFailed):
            change("n2")
        queue(person, "n3", at)
    assert [text for _, text in Recording.sent] == ["About n3"]
    assert list(Notice.objects.values_list("key", flat=True)) == ["n3"]


def test_the_sender_is_woken_once_a_transaction(
    new_person: Persons, at: datetime, django_capture_on_commit_callbacks: Callable[[], object]
) -> None:
    person = new_person("13800000001")
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(5):
            queue(person, f"n{number}", at)
    assert len(callbacks) == 1


def test_an_inbox_notice_wakes_no_sender(
    new_account: Accounts, at: datetime, django_capture_on_commit_callbacks: Callable[[], object]
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        notice_queue(key="n1", account=new_account("lan"), subject="One", at=at)
    assert callbacks == []


def test_the_text_names_nobody_and_the_reading_of_the_number_is_logged(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001", name="张桂兰", home="2号楼3单元501", consent_how="telephone")
    queue(person, "n1", at, body="The lamp is mended.")
    notices_deliver(at=at)
    ((_, text),) = Recording.sent
    assert text == "About n1\nThe lamp is mended."
    reading = PersonalReading.objects.get(person=person)
    assert (reading.purpose, reading.role_label, reading.at) == ("notice", "system:notices", at)


def test_a_notice_row_holds_no_personal_data(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001", name="张桂兰", consent_how="telephone")
    notice = queue(person, "n1", at)
    notices_deliver(at=at)
    (row,) = Notice.objects.filter(pk=notice.pk).values()
    assert "13800000001" not in str(row)
    assert "张桂兰" not in str(row)


def test_waiting_notices_about_one_matter_travel_as_one(new_person: Persons, at: datetime) -> None:
    person, other = new_person("13800000001"), new_person("13800000002")
    for number in range(3):
        queue(person, f"step {number}", at + timedelta(minutes=number), topic="need:1", link=f"/needs/{number}/")
    queue(person, "elsewhere", at, topic="need:2")
    queue(other, "for another", at, topic="need:1")
    result = notices_deliver(at=at + timedelta(minutes=5))
    assert (result.claimed, result.sent, result.merged) == (5, 3, 2)
    assert sorted(Recording.sent) == [
        ("+8613800000001", "About elsewhere"),
        ("+8613800000001", "About step 2\n· About step 1\n· About step 0\nhttps://yiting.example/needs/2/"),
        ("+8613800000002", "About for another"),
    ]
    newest = Notice.objects.get(key="step 2")
    merged = Notice.objects.filter(state=State.MERGED)
    assert {(notice.key, notice.merged_into_id) for notice in merged} == {
        ("step 0", newest.pk),
        ("step 1", newest.pk),
    }


def test_a_long_digest_counts_what_it_cannot_list(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")
    for number in range(40):
        queue(person, f"a step with a rather long name, number {number}", at, topic="need:1", link="/needs/1/")
    with translation.override("en"):
        text = delivery.compose(list(Notice.objects.order_by("-pk")), public_url="https://y.example")
    assert len(text) <= 540
    listed = text.count("· ")
    assert 1 <= listed < 39
    assert f"and {39 - listed} earlier messages\nhttps://y.example/needs/1/" in text


def test_further_texts_about_a_matter_wait_and_travel_together(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")
    queue(person, "first", at, topic="need:1")
    notices_deliver(at=at)
    for minute in (1, 2, 3):
        queue(person, f"{minute}", at + timedelta(minutes=minute), topic="need:1")
    queue(person, "other matter", at + timedelta(minutes=3), topic="need:2")
    assert notices_deliver(at=at + timedelta(minutes=4)).sent == 1
    assert notices_deliver(at=at + QUIET - timedelta(seconds=1)).claimed == 0
    assert notices_deliver(at=at + QUIET).sent == 1
    assert [text for _, text in Recording.sent] == [
        "About first",
        "About other matter",
        "About 3\n· About 2\n· About 1",
    ]


def test_a_failing_gateway_is_tried_again_later_and_later_and_then_given_up_visibly(
    new_person: Persons, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    notice = queue(new_person("13800000001"), "n1", at)
    Recording.down = True
    waits = []
    moment = at
    for _ in range(delivery.MAX_TRIES - 1):
        assert notices_deliver(at=moment).retried == 1
        assert notices_deliver(at=moment).claimed == 0
        notice.refresh_from_db()
        assert notice.state == State.WAITING
        waits.append(notice.next_try_at - moment)
        moment = notice.next_try_at
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == timedelta(hours=2)
    with caplog.at_level(logging.ERROR):
        assert notices_deliver(at=moment).failed == 1
    notice.refresh_from_db()
    assert (notice.state, notice.failure, notice.tries) == (State.FAILED, Failure.SENDER, delivery.MAX_TRIES)
    assert "n1" in caplog.text
    assert "13800000001" not in caplog.text
    assert [row.key for row in queries.list_failed(administrator()).rows] == ["n1"]
    assert notices_deliver(at=moment + timedelta(days=9)).claimed == 0


def test_a_gateway_that_recovers_gets_the_notice_once(new_person: Persons, at: datetime) -> None:
    queue(new_person("13800000001"), "n1", at)
    Recording.down = True
    notices_deliver(at=at)
    Recording.down = False
    assert notices_deliver(at=at + timedelta(minutes=1)).sent == 1
    assert notices_deliver(at=at + timedelta(hours=9)).claimed == 0
    assert len(Recording.sent) == 1


def test_one_failing_notice_does_not_hold_up_the_others(new_person: Persons, at: datetime) -> None:
    queue(new_person("010-65252000"), "landline", at)
    queue(new_person("13800000001"), "mobile", at)
    result = notices_deliver(at=at)
    assert (result.sent, result.failed) == (1, 1)
    assert Notice.objects.get(key="landline").failure == Failure.NO_ADDRESS
    assert [text for _, text in Recording.sent] == ["About mobile"]


def test_a_number_taken_back_before_the_sending_is_an_address_missing(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")
    queue(person, "n1", at)
    PersonalRecord.objects.filter(person=person).delete()
    assert notices_deliver(at=at).failed == 1
    assert Notice.objects.get().failure == Failure.NO_ADDRESS


def test_a_site_without_an_address_of_its_own_sends_no_half_link(
    new_person: Persons, at: datetime, settings: pytest.FixtureRequest
) -> None:
    settings.YITING_PUBLIC_URL = ""
    queue(new_person("13800000001"), "n1", at, link="/needs/1/")
    notices_deliver(at=at)
    assert [text for _, text in Recording.sent] == ["About n1"]


def test_a_failed_notice_gets_another_round_from_an_administrator_only(
    new_account: Accounts, new_person: Persons, at: datetime
) -> None:
    notice = queue(new_person("13800000001"), "n1", at)
    with pytest.raises(NoticeNotFailed):
        notice_retry(by=administrator(), notice=notice, at=at)
    Notice.objects.update(state=State.FAILED, failure=Failure.SENDER, tries=6)
    worker = actor_of(new_account("lan"))
    with pytest.raises(NoticeMissing):
        notice_retry(by=worker, notice=notice, at=at)
    for read in (lambda: queries.list_failed(worker), lambda: queries.get_failed(worker, notice.pk)):
        with pytest.raises(NoticeMissing):
            read()
    again = notice_retry(by=administrator(), notice=queries.get_failed(administrator(), notice.pk), at=at)
    assert (again.state, again.tries) == (State.WAITING, 0)
    assert notices_deliver(at=at).sent == 1


def test_a_worker_that_died_gives_its_notices_back(new_person: Persons, at: datetime) -> None:
    queue(new_person("13800000001"), "n1", at)
    assert len(delivery._claim(uuid4(), at=at, most=50)) == 1
    assert notices_deliver(at=at + delivery.LEASE - timedelta(seconds=1)).claimed == 0
    assert notices_deliver(at=at + delivery.LEASE).sent == 1


def test_a_worker_that_comes_back_late_writes_nothing(new_person: Persons, at: datetime) -> None:
    notice = queue(new_person("13800000001"), "n1", at)
    late = uuid4()
    claimed = delivery._claim(late, at=at, most=50)
    assert notices_deliver(at=at + delivery.LEASE).sent == 1
    outcome = delivery.Delivery()
    delivery._put_back(claimed, late, outcome, at=at + timedelta(hours=1))
    delivery._close(claimed, late, outcome, at=at + timedelta(hours=1))
    assert (outcome.sent, outcome.retried) == (0, 0)
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == (State.SENT, at + delivery.LEASE)


def test_a_notice_that_ends_every_worker_is_given_up(new_person: Persons, at: datetime) -> None:
    notice = queue(new_person("13800000001"), "n1", at)
    moment = at
    for _ in range(delivery.MAX_TRIES):
        assert delivery._claim(uuid4(), at=moment, most=50)
        moment += delivery.LEASE
    assert notices_deliver(at=moment).failed == 1
    notice.refresh_from_db()
    assert notice.state == State.FAILED
    assert Recording.sent == []


def test_a_limit_leaves_the_rest_for_the_next_round(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")
    for number in range(5):
        queue(person, f"n{number}", at)
    assert notices_deliver(at=at, limit=2).sent == 2
    assert notices_deliver(at=at).sent == 3


def test_mail_goes_to_the_verified_address_only(new_account: Accounts, at: datetime) -> None:
    lan, mei = new_account("lan"), new_account("mei")
    EmailAddress.objects.create(user=lan, email="old@example.org", verified=True, primary=False)
    EmailAddress.objects.create(user=lan, email="lan@example.org", verified=True, primary=True)
    EmailAddress.objects.create(user=mei, email="mei@example.org", verified=False, primary=True)
    for account in (lan, mei):
        notice_queue(key=account.username, account=account, channel=Channel.MAIL, subject="One", body="Two", at=at)
    result = notices_deliver(at=at)
    assert (result.sent, result.failed) == (1, 1)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject, letter.body) == (["lan@example.org"], "One", "One\nTwo")
    assert Notice.objects.get(key="mei").failure == Failure.NO_ADDRESS


def test_an_account_is_told_in_its_own_language(new_account: Accounts, new_person: Persons, at: datetime) -> None:
    account = new_account("lan")
    account.language = "en"
    account.save(update_fields=["language"])
    person = new_person("13800000001", account=account)
    for number in range(40):
        queue(person, f"a step with a rather long name, number {number}", at, topic="need:1")
    with translation.override("zh-hans"):
        notices_deliver(at=at)
    ((_, text),) = Recording.sent
    assert text.endswith("earlier messages")


def test_who_is_erased_is_told_nothing_more(new_person: Persons, at: datetime) -> None:
    person = new_person("13800000001")
    queue(person, "n1", at)
    copy = person_export(by=system_actor("test"), person=person, at=at)
    assert [told["subject"] for told in copy["notices"]] == ["About n1"]
    person_erase(by=system_actor("test"), person=person, at=at)
    assert notices_deliver(at=at).claimed == 0
    assert not Notice.objects.exists()


def test_erasing_takes_the_inbox_along(new_account: Accounts, new_person: Persons, at: datetime) -> None:
    lan, mei = new_account("lan"), new_account("mei")
    person = new_person(account=lan)
    for account in (lan, mei):
        notice_queue(key=account.username, account=account, subject="One", at=at)
    person_erase(by=system_actor("test"), person=person, at=at)
    assert list(Notice.objects.values_list("key", flat=True)) == ["mei"]
