"""Reading spreadsheets in: nothing twice, bad rows named, a killed run goes on, nothing stored is harmed."""

from __future__ import annotations

import pathlib
from datetime import UTC, datetime

import pytest

from tests.factories.places import make_estate, make_street
from yiting.ledger.services import ledger_verify
from yiting.needs.errors import NotYours
from yiting.needs.models import ImportRun, Need, Reply, ServiceRequest
from yiting.needs.queries.hot import hot_compute
from yiting.needs.services import import_file, importing
from yiting.needs.spreadsheets import SheetRefused
from yiting.people.actors import RESIDENT, system_actor

AT = datetime(2024, 6, 1, 2, tzinfo=UTC)
HEADER = "留言编号,留言用户,留言主题,留言时间,留言详情,点赞数,反对数,答复意见,答复时间,电话,小区\n"
pytestmark = pytest.mark.django_db


def sheet(folder: pathlib.Path, *rows: str, name: str = "messages.csv", encoding: str = "utf-8") -> pathlib.Path:
    path = folder / name
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding=encoding)
    return path


def read(path: pathlib.Path, place=None, **more) -> ImportRun:
    return import_file(by=system_actor("test"), path=path, name=path.name, place=place or make_street(), at=AT, **more)


def row(number: int, user: str = "甲", text: str = "楼道灯坏了", time: str = "2024-03-01 08:00", **more: str) -> str:
    return ",".join(
        [
            str(number),
            user,
            f"第{number}件事",
            time,
            text,
            "3",
            "0",
            more.get("reply", ""),
            more.get("replied", ""),
            more.get("phone", ""),
            more.get("estate", ""),
        ]
    )


def test_the_same_file_twice_adds_nothing(tmp_path) -> None:
    path = sheet(tmp_path, row(1), row(2, user="乙"))
    first, again = read(path), read(path)
    assert (first.added, first.known) == (2, 0)
    assert (again.added, again.known) == (0, 2)
    assert ServiceRequest.objects.count() == 2
    assert ledger_verify().ok


def test_a_longer_file_adds_only_what_is_new(tmp_path) -> None:
    read(sheet(tmp_path, row(1)))
    later = read(sheet(tmp_path, row(1), row(2), name="later.csv"))
    assert (later.added, later.known) == (1, 1)


def test_bad_rows_are_named_and_the_others_go_in(tmp_path) -> None:
    run = read(
        sheet(tmp_path, row(1), row(2, time="2099-01-01 08:00"), row(3, time="1899-12-31"), row(4, phone="12"), row(5))
    )
    assert run.added == 2
    assert [bad["row"] for bad in run.bad] == [3, 4, 5]
    assert all(bad["column"] and bad["reason"] for bad in run.bad)


def test_one_number_with_other_words_is_named_and_the_stored_one_kept(tmp_path) -> None:
    read(sheet(tmp_path, row(1, text="原来的话")))
    run = read(sheet(tmp_path, row(1, text="别的话"), row(2), name="other.csv"))
    assert (run.added, [bad["row"] for bad in run.bad]) == (1, [2])
    assert ServiceRequest.objects.get(external_id="1").text == "原来的话"


def test_a_killed_import_goes_on_where_it_stopped(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    path = sheet(tmp_path, *(row(i, user=f"用户{i}") for i in range(1, 8)))
    place = make_street()

    def stop_at_five(done: int, _total: int | None) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(path, place, progress=stop_at_five)
    assert ServiceRequest.objects.count() == 4
    run = read(path, place)
    assert (run.added, run.last_row, ServiceRequest.objects.count()) == (7, 8, 7)
    assert ledger_verify().ok


def test_one_user_is_one_voice_and_a_known_estate_is_the_place(tmp_path) -> None:
    estate = make_estate("仁和家园")
    run = read(
        sheet(tmp_path, row(1, estate="仁和家园"), row(2, estate="仁和家园"), row(3, user="乙", estate="没有的小区")),
        estate.parent,
    )
    assert run.added == 3
    assert ServiceRequest.objects.values("person").distinct().count() == 2
    assert ServiceRequest.objects.filter(place=estate).count() == 2


def test_an_answer_that_came_with_the_sheet_is_kept_as_given_before(tmp_path) -> None:
    read(sheet(tmp_path, row(1, reply="已经修好", replied="2024-03-05 10:00")))
    reply = Reply.objects.get()
    assert (reply.text, reply.at) == ("已经修好", datetime(2024, 3, 5, 2, tzinfo=UTC))
    assert Need.objects.get().state == "closed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path, encoding) -> None:
    assert read(sheet(tmp_path, row(1, text="楼道灯不亮"), encoding=encoding)).added == 1


def test_a_stranger_reads_nothing_in_and_a_spoilt_file_is_refused(tmp_path) -> None:
    path = sheet(tmp_path, row(1))
    with pytest.raises(NotYours):
        import_file(by=RESIDENT, path=path, name="x", place=make_street(), at=AT)
    (tmp_path / "pdf.xlsx").write_bytes(b"%PDF-1.7 nothing to see")
    with pytest.raises(SheetRefused):
        read(tmp_path / "pdf.xlsx")
    assert not ImportRun.objects.exists()


@pytest.mark.slow
def test_the_real_sample_ranks_its_two_matters_first(shared_data) -> None:
    run = read(shared_data / "messages" / "messages-sample.xlsx")
    assert (run.added, run.bad) == (30, [])
    names = dict(ServiceRequest.objects.values_list("pk", "external_id"))
    first, second, *_rest = (
        {names[int(key)] for key in matter.request_ids} for matter in hot_compute(place=None, at=AT)
    )
    assert first == {str(number) for number in range(360100, 360110)}
    assert second == {str(number) for number in range(360110, 360115)}
