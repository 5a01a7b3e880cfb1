"""Division lists come in whole; what is wrong is told row by row."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiting.places.errors import FileUnreadable
from yiting.places.models import CodeChange, Place
from yiting.places.queries import full_name, get_place_by_code
from yiting.places.services import ImportOutcome, PlaceRow, places_import, places_read

pytestmark = pytest.mark.django_db
AT = datetime(2024, 7, 1, 2, 0, tzinfo=UTC)

LIST = """level,code,name,year,parent
community,150602001003,天骄社区,2023,150602001000
street,150602001000,天骄街道,2023,
,150602,东胜区,2023,
city,1506,,2023,
province,150000000000,内蒙古自治区,2023,
city,150600000000,鄂尔多斯市,2023,
estate,,仁和家园,,150602001003
building,,3号楼,,150602001003/仁和家园
community,,新建社区,,150602001
"""


def import_text(tmp_path: Path, text: str, encoding: str = "utf-8") -> ImportOutcome:
    path = tmp_path / "places.csv"
    path.write_bytes(text.encode(encoding))
    return places_import(by_role="admin", rows=places_read(path), at=AT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_in_any_order_become_the_tree(tmp_path: Path, encoding: str) -> None:
    outcome = import_text(tmp_path, LIST, encoding)
    assert (outcome.added, outcome.known) == (8, 0)
    assert [(bad.row, bad.column) for bad in outcome.bad] == [(5, "name")]
    building = Place.objects.get(name="3号楼")
    assert full_name(building, "province") == "内蒙古自治区 鄂尔多斯市 东胜区 天骄街道 天骄社区 仁和家园 3号楼"
    assert Place.objects.get(name="新建社区").code_is_local
    for place in Place.objects.select_related("parent"):
        assert place.path == f"{place.parent.path if place.parent else '/'}{place.pk}/"


def test_the_same_list_again_adds_nothing(tmp_path: Path) -> None:
    import_text(tmp_path, LIST)
    outcome = import_text(tmp_path, LIST)
    assert (outcome.added, outcome.known, outcome.changed) == (0, 8, 0)


def test_chinese_headers_tabs_and_level_words(tmp_path: Path) -> None:
    text = "区划代码\t名称\t年份\t级别\n150602001000\t天骄街道\t2023年\t街道\n"
    text += "150602001003\t天骄社区\t2023\t社区\n"
    assert import_text(tmp_path, text).added == 2
    assert get_place_by_code("150602001003").parent == get_place_by_code("150602001")


def test_bad_rows_are_told_with_number_and_column_and_the_others_go_in(tmp_path: Path) -> None:
    text = (
        "level,code,name,year,parent\n"
        "street,150602001000,天骄街道,2023,\n"
        "community,15060200100,太短,2023,\n"
        "community,990602001003,无此省,2023,\n"
        "community,150602001004,没有年份,,\n"
        "village,150602001005,级别不对,2023,\n"
        "community,150602001006,上级不对,2023,150699001000\n"
        "community,150603001007,前缀不对,2023,150602001000\n"
        "estate,,没有上级,,\n"
        "building,,上级不存在,,150602001000/无此小区\n"
        "community,150602001008,好的,2023,\n"
        "community,150602001008,同码异名,2023,\n"
        "estate,,街道下的小区,,150602001000\n"
    )
    outcome = import_text(tmp_path, text)
    assert [(bad.row, bad.column) for bad in outcome.bad] == [
        (3, "code"),
        (4, "code"),
        (5, "year"),
        (6, "level"),
        (7, "parent"),
        (8, "parent"),
        (9, "parent"),
        (10, "parent"),
        (12, "code"),
        (13, "level"),
    ]
    assert all(bad.reason and "%(" not in bad.reason for bad in outcome.bad)
    assert outcome.added == 2
    assert Place.objects.filter(name="好的").exists()


def test_a_later_list_brings_names_years_and_codes(tmp_path: Path) -> None:
    import_text(tmp_path, LIST)
    key = get_place_by_code("150602001003").pk
    outcome = import_text(
        tmp_path,
        "code,name,year,old_code\n150602001000,天骄街道办,2024,\n150602001005,天骄社区,2024,150602001003\n",
    )
    assert (outcome.added, outcome.changed, outcome.bad) == (0, 2, [])
    assert get_place_by_code("150602001000").name == "天骄街道办"
    assert get_place_by_code("150602001003").pk == get_place_by_code("150602001005").pk == key
    assert CodeChange.objects.get().year == 2024


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00\x00bad", b"PK\x03\x04\x14\x00", b"a,b\n1,2\n", "名称\n天骄\n".encode()]
)
def test_what_is_no_division_list_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable) as refused:
        list(places_read(path))
    assert "list.csv" in str(refused.value.message)
    with pytest.raises(FileUnreadable):
        places_read(tmp_path / "nowhere.csv")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            PlaceRow,
            number=st.integers(2, 99),
            level=st.sampled_from(["", "street", "community", "estate", "社区", "x"]),
            code=st.one_of(st.sampled_from(["", "150602001000", "150602001003"]), st.text(max_size=13)),
            name=st.text(max_size=5),
            year=st.sampled_from(["", "2023", "２０２３", "二"]),
            parent=st.sampled_from(["", "150602001000", "/", "150602001003/a/b", "x"]),
            old_code=st.sampled_from(["", "150602001003", "1"]),
        ),
        max_size=12,
    )
)
def test_whatever_rows_hold_each_is_taken_known_changed_or_told(rows: list[PlaceRow]) -> None:
    before = Place.objects.count()
    outcome = places_import(by_role="admin", rows=rows, at=AT)
    assert outcome.added + outcome.known + outcome.changed + len(outcome.bad) == len(rows)
    assert Place.objects.count() == before + outcome.added
