"""The pages of notices: whose they are, what they show, and how many queries they take."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.admin import site
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yiting.notices.models import Channel, Failure, Notice, State
from yiting.notices.queries import PAGE_LENGTH
from yiting.notices.services import NewNotice, notices_queue
from yiting.people.actors import system_actor
from yiting.people.models import Account, Organisation, Person
from yiting.people.services import organisation_add, role_grant
from yiting.places.models import Level, Place

pytestmark = pytest.mark.django_db

Accounts = Callable[[str], Account]
Persons = Callable[..., Person]
SYSTEM = system_actor("test")


@pytest.fixture
def street(at: datetime) -> Organisation:
    place = Place.objects.create(
        level=Level.STREET, name="天骄街道", code="150602003000", code_year=2023, path="/1/", recorded_at=at
    )
    return organisation_add(by=SYSTEM, kind=Organisation.Kind.STREET_OFFICE, name="天骄街道办事处", place=place)


@pytest.fixture
def signed_in(new_account: Accounts, street: Organisation, at: datetime) -> Callable[..., Client]:
    def make(username: str, role: str | None = None) -> Client:
        account = Account.objects.filter(username=username).first() or new_account(username)
        if role:
            role_grant(by=SYSTEM, account=account, kind=role, place=street.place, organisation=street, at=at)
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


def told(account: Account, count: int, at: datetime, topic: str = "", link: str = "/needs/1/") -> list[Notice]:
    new = [
        NewNotice(
            key=f"{account.pk}:{topic}:{number}:{at}",
            account=account,
            subject=f"Step {number}",
            body="<b>The lamp</b> is mended.",
            link=link,
            topic=topic,
        )
        for number in range(count)
    ]
    return [
        notice for number, one in enumerate(new) for notice in notices_queue([one], at=at + timedelta(minutes=number))
    ]


def stuck(person: Person, count: int, at: datetime) -> None:
    new = [NewNotice(key=f"stuck-{number}", person=person, subject="One") for number in range(count)]
    notices_queue(new, at=at)
    Notice.objects.filter(channel=Channel.SMS).update(state=State.FAILED, failure=Failure.SENDER, tries=6)


def number_of_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_empty_inbox_says_what_will_come(signed_in: Callable[..., Client]) -> None:
    page = signed_in("lan").get(reverse("notices:inbox"), headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "No messages yet" in page.text


def test_the_inbox_shows_what_is_new_and_escapes_it(signed_in: Callable[..., Client], at: datetime) -> None:
    client = signed_in("lan")
    account = Account.objects.get(username="lan")
    told(account, 3, at, topic="need:1")
    told(account, 1, at)
    text = client.get(reverse("notices:inbox"), headers={"Accept-Language": "en"}).text
    assert "2 new messages" in text
    assert "2 earlier messages about this" in text
    assert "&lt;b&gt;The lamp&lt;/b&gt;" in text
    assert "<b>The lamp</b>" not in text
    assert "lan" not in text.split("<main")[1]


def test_the_inbox_is_paged(signed_in: Callable[..., Client], at: datetime) -> None:
    client = signed_in("lan")
    told(Account.objects.get(username="lan"), PAGE_LENGTH + 1, at)
    address = reverse("notices:inbox")
    assert client.get(address).text.count("<article") == PAGE_LENGTH
    assert client.get(address, {"page": "2"}).text.count("<article") == 1
    for page in ("0", "-1", "99", "x", "９９", "1" * 400):
        assert client.get(address, {"page": page}).status_code == 200


def test_opening_marks_as_read_and_leads_there(signed_in: Callable[..., Client], at: datetime) -> None:
    client = signed_in("lan")
    notice, plain = told(Account.objects.get(username="lan"), 1, at) + told(
        Account.objects.get(username="lan"), 1, at + timedelta(hours=1), link=""
    )
    assert client.post(reverse("notices:open", args=[notice.pk])).headers["Location"] == "/needs/1/"
    assert client.post(reverse("notices:open", args=[plain.pk])).headers["Location"] == reverse("notices:inbox")
    assert set(Notice.objects.values_list("state", flat=True)) == {State.READ}
    for name in ("notices:open", "notices:read"):
        assert client.get(reverse(name, args=[notice.pk])).status_code == 405


def test_reading_in_place_answers_with_the_row_and_the_new_count(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    client = signed_in("lan")
    first, _ = told(Account.objects.get(username="lan"), 2, at)
    address = reverse("notices:read", args=[first.pk])
    text = client.post(address, headers={"HX-Request": "true", "Accept-Language": "en"}).text
    assert f'id="notice-{first.pk}"' in text
    assert "1 new message" in text
    assert "<html" not in text
    assert client.post(address).headers["Location"] == reverse("notices:inbox")


def test_reading_all_leaves_nothing_new(signed_in: Callable[..., Client], at: datetime) -> None:
    client = signed_in("lan")
    told(Account.objects.get(username="lan"), 3, at)
    page = client.post(reverse("notices:read_all"), follow=True, headers={"Accept-Language": "en"})
    assert "You have read everything." in page.text
    assert not Notice.objects.filter(state=State.SENT).exists()


@pytest.mark.parametrize("name", ["notices:open", "notices:read"])
def test_a_notice_of_somebody_else_is_not_there(
    name: str, signed_in: Callable[..., Client], new_account: Accounts, at: datetime
) -> None:
    (notice,) = told(new_account("mei"), 1, at)
    answers = [signed_in("lan").post(reverse(name, args=[pk])).status_code for pk in (notice.pk, notice.pk + 1000)]
    assert answers == [404, 404]
    notice.refresh_from_db()
    assert notice.state == State.SENT


@pytest.mark.parametrize(
    ("method", "name", "arguments"),
    [
        ("get", "notices:inbox", []),
        ("post", "notices:read_all", []),
        ("post", "notices:open", [1]),
        ("post", "notices:read", [1]),
        ("get", "notices:failed", []),
        ("post", "notices:retry", [1]),
    ],
)
def test_a_visitor_is_asked_to_sign_in(method: str, name: str, arguments: list[int]) -> None:
    answer = getattr(Client(), method)(reverse(name, args=arguments))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.headers["Location"]


@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), ("resident", 404), ("worker", 404), ("street", 404), ("admin", 200)]
)
def test_only_administrators_see_what_could_not_be_sent(
    role: str | None, status: int, signed_in: Callable[..., Client]
) -> None:
    assert signed_in("lan", role).get(reverse("notices:failed")).status_code == status


def test_what_could_not_be_sent_shows_no_number_and_can_be_sent_again(
    signed_in: Callable[..., Client], new_person: Persons, at: datetime
) -> None:
    client = signed_in("boss", "admin")
    with transaction.atomic():
        stuck(new_person("13800000001"), 1, at)
    text = client.get(reverse("notices:failed")).text
    assert "stuck-0" in text
    assert "13800000001" not in text
    notice = Notice.objects.get()
    address = reverse("notices:retry", args=[notice.pk])
    assert client.post(address).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (State.WAITING, 0)
    assert client.post(address).status_code == 409
    assert client.get(reverse("notices:failed")).status_code == 200


def test_the_administration_only_looks(rf: RequestFactory) -> None:
    shown = site.get_model_admin(Notice)
    request = rf.get("/")
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)
    assert {"subject", "body", "account", "person"}.isdisjoint(shown.get_fields(request))


def test_the_pages_take_as_many_queries_for_30_notices_as_for_3(
    signed_in: Callable[..., Client], new_person: Persons, at: datetime
) -> None:
    client = signed_in("boss", "admin")
    account = Account.objects.get(username="boss")
    found = {}
    for count in (3, 30):
        for number in range(count):
            told(account, 2, at + timedelta(hours=count), topic=f"need:{count}:{number}")
        stuck(new_person(f"138000000{count:02}"), count, at)
        found[count] = [number_of_queries(client, reverse(name)) for name in ("notices:inbox", "notices:failed")]
    assert found[3] == found[30]
