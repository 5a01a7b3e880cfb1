"""What sounds like a text: found at once and near, by however many needs in four queries; its index can be lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from tests.factories.needs import RequestFactory, public_need, said_at, say
from tests.factories.places import make_building, make_community, make_estate
from yiting.cli.main import app
from yiting.methods.texts.index import TextIndex
from yiting.needs import likeness
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.queries.alike import list_alike
from yiting.needs.services import daily_round, index_catch_up, index_tidy, needs_merge, request_erase
from yiting.people.actors import system_actor
from yiting.places.models import Place

AT = datetime(2024, 6, 1, 2, tzinfo=UTC)
LAMP = "东环路的路灯坏了半个月，晚上漆黑一片"
SHADE = "小区里没个遮阴的地方，夏天老人没处坐"
ASKED = "路灯坏了晚上很黑"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    """A data folder for each test."""
    settings.YITING_DATA_DIR = tmp_path  # type: ignore[attr-defined]
    yield tmp_path
    likeness._read.clear()
    likeness._written.clear()


def estate_of(name: str) -> Place:
    return make_estate(name, make_community(f"{name}社区"))


def found(text: str, place: Place, **known: object) -> list[int]:
    return [alike.need_id for alike in list_alike(text, place.path, **known)]  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_was_just_said_is_found_with_words_of_both() -> None:
    estate = estate_of("仁和家园")
    need = public_need(LAMP, estate)
    public_need(SHADE, estate)
    first = list_alike(ASKED, estate.path)[0]
    assert (first.need_id, first.place) == (need.pk, "仁和家园")
    assert "路灯" in "".join(first.shared)
    assert 0.17 <= first.score < 1


@pytest.mark.django_db
def test_only_what_is_near_public_and_open_is_found() -> None:
    estate, far = estate_of("仁和家园"), estate_of("恒大华府")
    building = make_building("3号楼", estate)
    here, there = public_need(LAMP, estate), public_need(LAMP, far)
    hidden = say(LAMP, estate).need
    assert found(ASKED, building) == found(ASKED, estate) == [here.pk]
    assert found(ASKED, far) == [there.pk]
    assert set(found(ASKED, estate, public_only=False)) == {here.pk, hidden.pk}
    assert found(ASKED, estate, leave_out=here.pk) == []
    community = Place.objects.get(pk=estate.parent_id)
    assert set(found(ASKED, community)) == {here.pk, there.pk}
    Need.objects.filter(pk=here.pk).update(state="judging")
    assert found(ASKED, estate) == [here.pk]
    Need.objects.filter(pk=here.pk).update(state="closed", closed_at=AT)
    assert found(ASKED, estate) == []
    assert found(ASKED, estate, closed_since=AT) == [here.pk]
    assert found(ASKED, estate, closed_since=AT + timedelta(seconds=1)) == []


@pytest.mark.django_db
def test_what_was_merged_is_found_under_what_it_went_into() -> None:
    estate = estate_of("仁和家园")
    kept, gone = public_need(SHADE, estate), public_need(LAMP, estate)
    needs_merge(by=system_actor("tests"), keep=kept, absorb=gone, reason="", at=said_at())
    assert found(ASKED, estate) == [kept.pk]


def queries_of(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


@pytest.mark.django_db
def test_four_queries_at_three_needs_and_at_thirty() -> None:
    estate = estate_of("仁和家园")
    for _ in range(3):
        public_need(LAMP, estate)
    few = queries_of(lambda: list_alike(ASKED, estate.path, k=30))
    for _ in range(27):
        public_need(LAMP, estate)
    assert len(list_alike(ASKED, estate.path, k=40)) == 30
    assert few == queries_of(lambda: list_alike(ASKED, estate.path, k=30)) == 4


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_written(own_folder: Path) -> None:
    public_need(LAMP, estate_of("仁和家园"))
    assert index_catch_up() == index_tidy() == 0
    assert not likeness.folder().exists()


@pytest.mark.django_db(transaction=True)
class TestStored:
    """With an index in the folder, as at a running office."""

    def test_found_from_the_index_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        estate, far = estate_of("仁和家园"), estate_of("恒大华府")
        here, there = public_need(LAMP, estate), public_need(LAMP, far)
        index_catch_up()
        monkeypatch.setattr(likeness, "LATE", 0)
        assert queries_of(lambda: list_alike(ASKED, estate.path)) == 4
        assert found(ASKED, make_building("3号楼", estate)) == [here.pk]
        community = Place.objects.get(pk=estate.parent_id)
        assert set(found(ASKED, community)) == {here.pk, there.pk}
        assert found(ASKED, far) == [there.pk]

    def test_the_index_and_what_came_later_together(self) -> None:
        estate = estate_of("仁和家园")
        one = public_need(LAMP, estate)
        index_catch_up()
        with transaction.atomic():
            request = RequestFactory(need=one, place=estate, title="", text="电梯又停了，老人下不了楼")
        assert str(request.pk) not in TextIndex.open(likeness.folder())
        assert found("电梯停了老人下不了楼", estate) == found(ASKED, estate) == [one.pk]

    def test_far_behind_it_is_brought_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(likeness, "TAIL", 2)
        monkeypatch.setattr(likeness, "LATE", 0)
        estate = estate_of("仁和家园")
        need = RequestFactory(place=estate, title="", text=LAMP).need
        for _ in range(5):
            RequestFactory(place=estate, title="", text=SHADE)
        assert found(ASKED, estate) == [need.pk]
        assert len(TextIndex.open(likeness.folder())) == 6

    def test_erased_words_leave_the_index_with_the_commit_and_the_disk_with_the_daily_round(self) -> None:
        estate = estate_of("仁和家园")
        need = public_need(LAMP, estate)
        public_need(SHADE, estate)
        index_catch_up()
        said = ServiceRequest.objects.get(need=need)
        request_erase(by=system_actor("tests"), request=said, at=said_at())
        assert str(said.pk) not in TextIndex.open(likeness.folder())
        assert found(ASKED, estate) == []
        assert TextIndex.open(likeness.folder()).worn
        daily_round(at=said_at())
        assert not TextIndex.open(likeness.folder()).worn
        assert not likeness.folder().joinpath("manifest.previous.json").exists()

    def test_while_another_writes_erasing_goes_on_and_nothing_erased_is_shown(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(likeness, "PATIENCE", 0.0)
        estate = estate_of("仁和家园")
        need = public_need(LAMP, estate)
        index_catch_up()
        other = TextIndex.open(likeness.folder())
        other.begin()
        said = ServiceRequest.objects.get(need=need)
        request_erase(by=system_actor("tests"), request=said, at=said_at())
        assert str(said.pk) in other
        assert found(ASKED, estate) == []
        assert index_catch_up() == index_tidy() == 0
        other.close()
        assert index_tidy() == 1
        assert str(said.pk) not in TextIndex.open(likeness.folder())

    def test_tidying_finds_what_was_missed(self) -> None:
        estate = estate_of("仁和家园")
        needs = [public_need(LAMP, estate) for _ in range(3)]
        index_catch_up()
        index = TextIndex.open(likeness.folder())
        index.remove([str(ServiceRequest.objects.get(need=needs[0]).pk)])
        index.commit()
        assert index_tidy() == 1
        assert len(TextIndex.open(likeness.folder())) == 3

    @pytest.mark.parametrize("damage", ["cut", "deleted", "other"])
    def test_a_lost_index_is_made_anew(self, damage: str) -> None:
        estate = estate_of("仁和家园")
        need = public_need(LAMP, estate)
        index_catch_up()
        if damage == "other":
            index = TextIndex.open(likeness.folder())
            index.clear()
            index.commit({"mark": ServiceRequest.objects.get(need=need).pk, "code": "of another"})
        for path in likeness.folder().iterdir():
            if damage == "cut":
                path.write_bytes(path.read_bytes()[:-1])
            elif damage == "deleted":
                path.unlink()
        assert found(ASKED, estate) == [need.pk]
        index_catch_up()
        assert len(TextIndex.open(likeness.folder())) == 1
        assert found(ASKED, estate) == [need.pk]

    def test_an_older_state_of_the_database_is_told(self) -> None:
        estate = estate_of("仁和家园")
        kept = public_need(SHADE, estate)
        lost = RequestFactory(place=estate, title="", text=LAMP)
        index_catch_up()
        ServiceRequest.objects.filter(pk=lost.pk).delete()
        RequestFactory(pk=lost.pk, place=estate, title="", text="电梯又停了，老人下不了楼", need=kept)
        assert found(ASKED, estate) == []
        assert found("电梯停了老人下不了楼", estate) == [kept.pk]

    def test_the_command_brings_it_up_to_date_and_makes_it_anew(self) -> None:
        estate = estate_of("仁和家园")
        for _ in range(3):
            RequestFactory(place=estate)
        for arguments in (["needs", "index", "--json"], ["needs", "index", "--rebuild", "--json"]):
            done = CliRunner().invoke(app, arguments)
            assert (done.exit_code, json.loads(done.stdout)) == (0, {"changed": 3}), done.output
        other = TextIndex.open(likeness.folder())
        other.begin()
        refused = CliRunner().invoke(app, ["needs", "index", "--rebuild"])
        assert refused.exit_code == 2
        other.close()
