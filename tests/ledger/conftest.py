"""A ledger about places, whose names are the words it commits to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from yiting.ledger import registry
from yiting.ledger.models import Entry
from yiting.ledger.services import entry_append
from yiting.places.models import Place

AT = datetime(2024, 5, 20, 2, 0, 0, 123, tzinfo=UTC)
KIND = "places.estate.named"


@dataclass(frozen=True)
class Worker:
    """Somebody who does something."""

    role_label: str = "worker@天骄社区"


def read_names(ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    return {str(place.pk): {"name": place.name} for place in Place.objects.filter(pk__in=ids)}


@pytest.fixture(autouse=True)
def witness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_fetches", {"places.place": read_names})
    monkeypatch.setattr(registry, "_sentences", registry._sentences | {KIND: "Named %(name)s, %(floors)s floors"})


@pytest.fixture
def place() -> Callable[..., Place]:
    def make(name: str = "仁和家园") -> Place:
        return Place.objects.create(level="estate", name=name, path=f"/{Place.objects.count() + 1}/", recorded_at=AT)

    return make


@pytest.fixture
def append() -> Callable[..., Entry]:
    def make(obj: Place, **more: Any) -> Entry:
        with transaction.atomic():
            return entry_append(**({"kind": KIND, "obj": obj, "by": Worker(), "at": AT} | more))

    return make
