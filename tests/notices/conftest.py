"""People who are told something, and a gateway that records."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.notices.gateways import Recording
from yiting.people.actors import Actor, Grant, system_actor
from yiting.people.models import Account, Person
from yiting.people.services import person_identify

AT = datetime(2024, 5, 13, 1, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture(autouse=True)
def gateway(settings: pytest.FixtureRequest) -> Iterator[type[Recording]]:
    settings.YITING_SMS_SENDER = "tests.notices.gateways.Recording"
    settings.YITING_PUBLIC_URL = "https://yiting.example"
    Recording.sent.clear()
    Recording.down = False
    yield Recording
    Recording.down = False


@pytest.fixture
def new_account(db: None) -> Callable[[str], Account]:
    def make(username: str) -> Account:
        return Account.objects.create_user(username, "a long password", created_at=AT)

    return make


@pytest.fixture
def new_person(db: None) -> Callable[..., Person]:
    def make(phone: str | None = None, **known: object) -> Person:
        return person_identify(by=system_actor("test"), source="test", phone=phone, at=AT, **known)

    return make


def actor_of(account: Account) -> Actor:
    return Actor(account_id=account.pk, person_id=None, grants=(), label=account.username)


def administrator() -> Actor:
    grant = Grant(kind="admin", organisation_id=1, organisation_name="街道", place_id=1, place_path="/1/")
    return Actor(account_id=None, person_id=None, grants=(grant,), label="admin")
