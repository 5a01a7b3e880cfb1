"""Reading a spreadsheet in from the workbench: what went in, what was known, what stayed out and why."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.desks import Desk
from tests.factories.needs import said_at
from yiting.needs.models import ImportRun, ServiceRequest

pytestmark = pytest.mark.django_db
HEAD = "留言编号,留言用户,留言主题,留言时间,留言详情\n"
LAMP = "1,A01,路灯坏了,2024-03-01 08:00:00,三单元门口的路灯坏了\n"
BIN = "2,A02,垃圾没人收,2024-03-02 09:30:00,垃圾桶满了\n"
GOOD = HEAD + LAMP + BIN
BAD = GOOD + "3,A03,井盖破了,第三天,井盖破了\n"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def web(desk: Desk) -> Client:
    return desk.client()


def read_in(client: Client, desk: Desk, text: str | bytes = GOOD, name: str = "留言.csv", **more) -> HttpResponse:
    data = text.encode() if isinstance(text, str) else text
    fields = {"file": SimpleUploadedFile(name, data), "place": desk.community.pk} | more
    return client.post(reverse("needs:import"), fields)


def test_good_rows_go_in_and_bad_ones_are_named(desk: Desk, web: Client) -> None:
    answer = read_in(web, desk, BAD)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<b class="count">2</b> messages went in' in page
    assert '<td class="num" data-label="Row">4</td>' in page
    assert "留言时间" in page
    assert "第三天" in page
    assert "Mend these rows" in page
    assert set(ServiceRequest.objects.values_list("place", flat=True)) == {desk.community.pk}


def test_the_same_file_again_adds_nothing(desk: Desk, web: Client) -> None:
    read_in(web, desk)
    page = read_in(web, desk).content.decode()
    assert '<b class="count">0</b> messages went in' in page
    assert '<b class="count">2</b> were known already' in page
    assert ServiceRequest.objects.count() == 2


def test_what_was_read_in_before_stands_in_a_table(desk: Desk, web: Client) -> None:
    read_in(web, desk, BAD, name="三月.csv")
    there = Desk("万正社区")
    read_in(there.client(), there, name="他们的.csv")
    page = web.get(reverse("needs:import")).content.decode()
    assert "三月.csv" in page
    assert "他们的.csv" not in page


def test_columns_of_other_names_are_told_by_a_mapping(desk: Desk, web: Client) -> None:
    sheet = "编码,事由\n7,路灯坏了\n"
    assert read_in(web, desk, sheet).status_code == 422
    mapping = SimpleUploadedFile("列.csv", "column,field\n编码,external_id\n事由,text\n".encode())
    assert read_in(web, desk, sheet, mapping=mapping).status_code == 200
    assert ServiceRequest.objects.get().text == "路灯坏了"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.csv"),
        (b"   \n", "blank.csv"),
        (b"%PDF-1.7 no table", "plan.pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "photo.png"),
        (b"PK\x03\x04 cut off", "broken.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old.xls"),
        (b"\x00\x01\x02\xff" * 50, "noise.csv"),
        ("甲,乙\n1,2\n".encode(), "no-columns.csv"),
        (b"a", "...."),
        (b"a", "\x00.csv"),
        (b"a", "../../etc/passwd"),
        (b"a", "长" * 300 + ".csv"),
    ],
)
def test_what_is_no_spreadsheet_is_told_beside_the_field(desk: Desk, web: Client, data: bytes, name: str) -> None:
    answer = read_in(web, desk, data, name=name)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error"' in page
    assert not ServiceRequest.objects.exists()


def test_a_refusal_quotes_the_name_of_the_file(desk: Desk, web: Client) -> None:
    assert "规划.pdf" in read_in(web, desk, b"%PDF-1.7 no table", name="规划.pdf").content.decode()


@pytest.mark.parametrize("mapping", [b"", b"{", b'{"x": "nothing"}', b"\x89PNG\r\n\x1a\n", b"a,b,c,d"])
def test_a_mapping_that_is_none_is_told(desk: Desk, web: Client, mapping: bytes) -> None:
    answer = read_in(web, desk, mapping=SimpleUploadedFile("m.json", mapping))
    assert answer.status_code == 422
    assert 'id="id_mapping_error"' in answer.content.decode()


@pytest.mark.parametrize("place", ["", "x", "0", "-1", "9" * 40, "\x00"])
def test_a_place_that_is_not_ones_own_is_refused(desk: Desk, web: Client, place: str) -> None:
    assert read_in(web, desk, place=place).status_code == 422
    assert read_in(web, desk, place=Desk("万正社区").community.pk).status_code == 422
    assert not ImportRun.objects.exists()


def test_a_post_without_a_file(web: Client) -> None:
    answer = web.post(reverse("needs:import"))
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()


def test_a_street_office_chooses_among_its_communities(desk: Desk) -> None:
    there = Desk("万正社区")
    client = desk.client(desk.member("street", desk.street))
    page = client.get(reverse("needs:import")).content.decode()
    assert "天骄社区</option>" in page
    assert "万正社区</option>" in page
    read_in(client, there)
    assert set(ServiceRequest.objects.values_list("place__name", flat=True)) == {"万正社区"}


def test_the_page_costs_the_same_for_three_runs_and_twenty(desk: Desk, web: Client) -> None:
    counts = []
    for start, more in ((0, 3), (3, 17)):
        for number in range(start, start + more):
            ImportRun.objects.create(
                source="s",
                name=f"{number}.csv",
                digest=f"{number:064}",
                place=desk.community,
                started_at=said_at(),
            )
        with CaptureQueriesContext(connection) as captured:
            assert web.get(reverse("needs:import")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
