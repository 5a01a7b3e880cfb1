"""The category that is proposed: by the lexicon at first, by what staff decided once that is enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.factories.needs import NeedFactory, RequestFactory
from tests.factories.places import make_estate
from yiting.needs.models import Category, Need, ServiceRequest
from yiting.needs.services import categories_load, learning
from yiting.needs.services.categories import SEPARATOR
from yiting.places.models import Place

PATHS = [("城乡建设", "市政", "路灯"), ("城乡建设", "市政", "井盖"), ("环境保护", "噪音", "广场舞")]
WORDS = (("路灯不亮", "晚上漆黑"), ("井盖松动", "车轮压过直响"), ("广场舞音响", "吵得睡不着"))


@pytest.fixture(autouse=True)
def taught_anew() -> Iterator[None]:
    """What another test taught is forgotten: rows of two test databases may have the same keys."""
    yield
    learning._taught.cache_clear()
    learning._taught_by_lessons.cache_clear()


@pytest.fixture
def estate(db: None) -> Place:
    categories_load(paths=PATHS)
    return make_estate()


def decided(words: tuple[str, str], path: tuple[str, ...], estate: Place, count: int) -> list[ServiceRequest]:
    category = Category.objects.get(full_name=SEPARATOR.join(path))
    return [
        RequestFactory(
            need=NeedFactory(place=estate, category=category),
            title=f"{number}号楼{words[0]}",
            text=f"{number}号楼前{words[number % 2]}，{words[1 - number % 2]}，第{number}天了。",
        )
        for number in range(count)
    ]


def decide_all(estate: Place, count: int) -> None:
    for words, path in zip(WORDS, PATHS, strict=True):
        decided(words, path, estate, count)


def test_with_nothing_decided_the_names_of_the_tree_tell(estate: Place) -> None:
    guess = learning.category_guess("小区里的路灯坏了，路灯一直不亮")
    assert guess is not None
    assert guess.path[0] == "城乡建设"
    assert "路灯" in guess.because


def test_from_enough_on_all_is_learned_from_what_was_decided(estate: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "ENOUGH", 60)
    decide_all(estate, 20)
    text = "门口的井盖松动了，车轮压过去直响"
    guess = learning.category_guess(text)
    assert guess is not None
    assert guess.path[:2] == PATHS[1][:2]
    assert guess.because
    assert all(word in text for word in guess.because)
    assert isinstance(learning._reader(), learning.CategoryModel)


def test_what_nobody_has_decided_is_not_guessed_at(estate: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "ENOUGH", 60)
    decide_all(estate, 20)
    assert learning.category_guess("qwerty") is None
    assert learning.category_guess("") is None


def test_a_correction_is_learned(estate: Place) -> None:
    text = "晚上乒乒乓乓的乒乓球台吵人"
    before = learning.category_guess(text)
    decided(("乒乓球台吵人", "乒乒乓乓"), PATHS[2], estate, 12)
    after = learning.category_guess(text)
    assert after is not None
    assert after.path[0] == "环境保护"
    assert before is None or before.path[0] != "环境保护" or after.probability > before.probability


def test_it_learns_anew_when_the_lessons_have_grown(estate: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "ENOUGH", 60)
    decide_all(estate, 20)
    first = learning._reader()
    assert learning._reader() is first
    decided(WORDS[0], PATHS[0], estate, 10)
    assert learning._reader() is not first


def test_a_correction_is_learned_by_the_next_day(estate: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "ENOUGH", 60)
    decide_all(estate, 20)
    monkeypatch.setattr(learning.clock, "now", lambda: datetime(2024, 6, 17, 9, tzinfo=UTC))
    first = learning._reader()
    Need.objects.filter(category__full_name=SEPARATOR.join(PATHS[1])).update(
        category=Category.objects.get(full_name=SEPARATOR.join(PATHS[0]))
    )
    assert learning._reader() is first
    monkeypatch.setattr(learning.clock, "now", lambda: datetime(2024, 6, 18, 9, tzinfo=UTC))
    guess = learning.category_guess("门口的井盖松动了，车轮压过去直响")
    assert guess is not None
    assert guess.path == PATHS[0]


def test_what_was_erased_or_is_of_a_retired_category_teaches_nothing(estate: Place) -> None:
    decide_all(estate, 2)
    assert learning._decided().count() == 6
    ServiceRequest.objects.filter(pk=ServiceRequest.objects.order_by("pk")[0].pk).update(erased_at="2026-07-02T00:00Z")
    Category.objects.filter(full_name=SEPARATOR.join(PATHS[1])).update(active=False)
    assert learning._decided().count() == 3
