"""The outbox: what is written, to whom, and only once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from tests.notices.conftest import actor_of
from yiting.notices import queries
from yiting.notices.errors import NoticeIllFormed, NoticeMissing, OutsideTransaction
from yiting.notices.models import Channel, Notice, State
from yiting.notices.services import NewNotice, notice_queue, notice_read, notices_queue, notices_read
from yiting.people.actors import RESIDENT
from yiting.people.models import Account, Person

pytestmark = pytest.mark.django_db

Accounts = Callable[[str], Account]
Persons = Callable[..., Person]


def test_an_account_is_told_in_its_inbox(new_account: Accounts, at: datetime) -> None:
    account = new_account("lan")
    notice = notice_queue(key="n1", account=account, subject="The lamp is mended", link="/needs/1/", at=at)
    assert notice is not None
    assert (notice.channel, notice.state, notice.sent_at) == (Channel.INBOX, State.SENT, at)
    assert Notice.objects.count() == 1


def test_an_account_whose_person_left_a_phone_is_told_twice(
    new_account: Accounts, new_person: Persons, at: datetime
) -> None:
    account = new_account("lan")
    person = new_person("13800000001", account=account)
    notice_queue(key="by-account", account=account, subject="One", at=at)
    notice_queue(key="by-person", person=person, subject="Two", at=at)
    found = Notice.objects.order_by("pk").values_list("key", "channel", "account_id", "person_id")
    assert list(found) == [
        (key, channel, account.pk, person.pk)
        for key in ("by-account", "by-person")
        for channel in (Channel.INBOX, Channel.SMS)
    ]


def test_a_person_without_account_is_told_by_text_message(new_person: Persons, at: datetime) -> None:
    notice = notice_queue(key="n1", person=new_person("13800000001"), subject="One", at=at)
    assert notice is not None
    assert (notice.channel, notice.state, notice.sent_at) == (Channel.SMS, State.WAITING, None)


def test_who_left_no_way_to_be_reached_is_not_told(new_account: Accounts, new_person: Persons, at: datetime) -> None:
    assert notice_queue(key="n1", person=new_person(), subject="One", at=at) is None
    account = new_account("lan")
    assert notice_queue(key="n2", account=account, channel=Channel.SMS, subject="One", at=at) is None
    assert not Notice.objects.exists()


def test_a_channel_asked_for_is_the_only_one(new_account: Accounts, new_person: Persons, at: datetime) -> None:
    account = new_account("lan")
    new_person("13800000001", account=account)
    notice_queue(key="n1", account=account, channel="sms", subject="One", at=at)
    assert list(Notice.objects.values_list("channel", flat=True)) == [Channel.SMS]


def test_the_same_key_twice_adds_nothing(new_account: Accounts, at: datetime) -> None:
    account = new_account("lan")
    first = notice_queue(key="n1", account=account, subject="One", at=at)
    assert first is not None
    assert notice_queue(key="n1", account=account, subject="Other", at=at + timedelta(days=1)) is None
    assert list(Notice.objects.values_list("pk", "subject")) == [(first.pk, "One")]


def test_the_database_itself_refuses_a_second_row_of_a_key(new_account: Accounts, at: datetime) -> None:
    notice = notice_queue(key="n1", account=new_account("lan"), subject="One", at=at)
    assert notice is not None
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def test_repeats_within_a_list_count_once_and_contradictions_are_refused(new_account: Accounts, at: datetime) -> None:
    lan, mei = new_account("lan"), new_account("mei")
    one = NewNotice(key="n1", account=lan, subject="One")
    assert len(notices_queue([one, one], at=at)) == 1
    with pytest.raises(NoticeIllFormed, match="n1"):
        notices_queue([one, NewNotice(key="n1", account=mei, subject="One")], at=at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"key": "k" * 201},
        {"subject": "  "},
        {"topic": "t" * 121},
        {"link": "https://elsewhere.example/"},
        {"link": "//elsewhere.example/"},
        {"link": "needs/1/"},
        {"link": "/" + "n" * 300},
        {"account": None},
        {"channel": "pigeon"},
    ],
)
def test_an_ill_formed_notice_is_refused(wrong: dict[str, str], new_account: Accounts, at: datetime) -> None:
    right = {"key": "n1", "account": new_account("lan"), "subject": "One", "link": "/needs/1/"}
    with pytest.raises(NoticeIllFormed):
        notice_queue(**{**right, **wrong}, at=at)
    assert not Notice.objects.exists()


def test_a_long_subject_is_cut_and_its_line_breaks_go(new_account: Accounts, at: datetime) -> None:
    notice = notice_queue(key="n1", account=new_account("lan"), subject="灯\r\nBcc: x " + "长" * 300, at=at)
    assert notice is not None
    assert notice.subject.startswith("灯 Bcc: x 长")
    assert len(notice.subject) == 200


@pytest.mark.django_db(transaction=True)
def test_a_notice_outside_a_transaction_is_refused(new_account: Accounts, at: datetime) -> None:
    with pytest.raises(OutsideTransaction):
        notice_queue(key="n1", account=new_account("lan"), subject="One", at=at)


def test_unread_notices_about_one_matter_stand_as_one(new_account: Accounts, at: datetime) -> None:
    lan, mei = new_account("lan"), new_account("mei")
    for hour in range(3):
        moment = at + timedelta(hours=hour)
        for account in (lan, mei):
            key = f"{account.username}-{hour}"
            notice_queue(key=key, account=account, subject=f"Step {hour}", topic="need:1", at=moment)
    notice_queue(key="other", account=lan, subject="Another matter", topic="need:2", at=at)
    notice_queue(key="alone", account=lan, subject="No matter", at=at)
    assert queries.unread_count(actor_of(lan)) == 3
    assert queries.unread_count(actor_of(mei)) == 1
    newest, *_ = queries.list_inbox(actor_of(lan)).rows
    assert newest.subject == "Step 2"
    assert [older.subject for older in newest.earlier] == ["Step 1", "Step 0"]


def test_after_reading_a_matter_opens_anew(new_account: Accounts, at: datetime) -> None:
    account = new_account("lan")
    reader = actor_of(account)
    for hour in range(2):
        moment = at + timedelta(hours=hour)
        notice_queue(key=f"n{hour}", account=account, subject=f"Step {hour}", topic="need:1", at=moment)
    notice_read(by=reader, notice=Notice.objects.get(key="n1"), at=at + timedelta(hours=2))
    notice_queue(key="n3", account=account, subject="Step 3", topic="need:1", at=at + timedelta(hours=3))
    rows = queries.list_inbox(reader).rows
    assert [(row.subject, row.is_unread, len(row.earlier)) for row in rows] == [
        ("Step 3", True, 0),
        ("Step 1", False, 1),
    ]


def test_a_notice_told_late_stands_behind_the_newer_one(new_account: Accounts, at: datetime) -> None:
    account = new_account("lan")
    notice_queue(key="new", account=account, subject="New", topic="need:1", at=at)
    notice_queue(key="old", account=account, subject="Old", topic="need:1", at=at - timedelta(days=1))
    (row,) = queries.list_inbox(actor_of(account)).rows
    assert (row.subject, [older.subject for older in row.earlier]) == ("New", ["Old"])


def test_reading_is_done_once_and_only_by_the_reader(new_account: Accounts, at: datetime) -> None:
    lan, mei = new_account("lan"), new_account("mei")
    notice = notice_queue(key="n1", account=lan, subject="One", at=at)
    assert notice is not None
    for other in (actor_of(mei), RESIDENT):
        with pytest.raises(NoticeMissing):
            notice_read(by=other, notice=notice, at=at)
        with pytest.raises(NoticeMissing):
            queries.get_notice(other, notice.pk)
    read = notice_read(by=actor_of(lan), notice=queries.get_notice(actor_of(lan), notice.pk), at=at)
    assert (read.state, read.read_at) == (State.READ, at)
    again = notice_read(by=actor_of(lan), notice=notice, at=at + timedelta(days=1))
    assert again.read_at == at


def test_reading_all_reads_what_came_until_then(new_account: Accounts, at: datetime) -> None:
    lan, mei = new_account("lan"), new_account("mei")
    for number in range(3):
        moment = at + timedelta(hours=number)
        notice_queue(key=f"lan-{number}", account=lan, subject="One", at=moment)
        notice_queue(key=f"mei-{number}", account=mei, subject="One", at=moment)
    assert notices_read(by=actor_of(lan), at=at + timedelta(hours=1)) == 2
    assert queries.unread_count(actor_of(lan)) == 1
    assert queries.unread_count(actor_of(mei)) == 3
    with pytest.raises(NoticeMissing):
        notices_read(by=RESIDENT, at=at)
    assert queries.unread_count(RESIDENT) == 0
    with pytest.raises(NoticeMissing):
        queries.list_inbox(RESIDENT)


def _queries_for(count: int, run: Callable[[], object]) -> int:
    with CaptureQueriesContext(transaction.get_connection()) as captured:
        run()
    return len(captured)


def test_queueing_takes_as_many_queries_for_30_as_for_3(
    new_account: Accounts, new_person: Persons, at: datetime
) -> None:
    def told(count: int) -> list[NewNotice]:
        told = []
        for number in range(count):
            account = new_account(f"{count}-{number}")
            # Every third also goes by text message: 40 rows, which SQLite still takes in one INSERT.
            phone = None if number % 3 else f"138{count:04}{number:04}"
            person = new_person(phone, account=account)
            recipient = {"person": person} if number % 2 else {"account": account}
            told.append(NewNotice(key=f"{count}:{person.pk}", subject="One", topic=f"need:{number}", **recipient))
        return told

    few, many = told(3), told(30)
    assert (len(few), len(many)) == (3, 30)
    assert _queries_for(3, lambda: notices_queue(few, at=at)) == _queries_for(30, lambda: notices_queue(many, at=at))
    assert Notice.objects.count() == 3 + 1 + 30 + 10


def test_a_long_list_is_queued_in_parts(new_account: Accounts, at: datetime) -> None:
    account = new_account("lan")
    many = [NewNotice(key=f"n{number}", account=account, subject="One") for number in range(1201)]
    assert len(notices_queue(many, at=at)) == 1201
    assert notices_queue(many, at=at) == []
