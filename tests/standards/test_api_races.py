"""Two programs at once: the same idempotency key files once, and both are told the same receipt."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from tests.standards.conftest import Town
from yiting.needs.models import ServiceRequest
from yiting.people.models import Person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer at a time; set DATABASE_URL to a PostgreSQL to run this",
    ),
]
CALLS = 4


def test_one_key_at_once_is_one_request(transactional_db: None, town: Town) -> None:
    """Whoever comes second gets the receipt of the first, and leaves no person behind."""
    headers = {"Authorization": f"Bearer {town.filing_key}", "Idempotency-Key": "one"}
    body = json.dumps({"text": "路灯坏了", "place_id": town.estate.pk})
    start = Barrier(CALLS)

    def call(_number: int) -> tuple[int, str]:
        try:
            start.wait(timeout=10)
            answer = Client().post("/api/v1/requests", body, content_type="application/json", headers=headers)
            return answer.status_code, answer.json()["code"]
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLS) as pool:
        answers = list(pool.map(call, range(CALLS)))
    assert sorted(status for status, _code in answers) == [200, 200, 200, 201]
    assert len({code for _status, code in answers}) == 1
    assert (ServiceRequest.objects.count(), Person.objects.count()) == (1, 1)
