"""Categories: cold from names and lexicon, learned from decided cases, silent when not sure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.texts import DEFAULT_TREE, CategoryPath, classifier_cold, classifier_fit
from yiting.methods.texts.lexicon import LEXICON

COLD = classifier_cold(DEFAULT_TREE)
OWN_TREE: list[CategoryPath] = [("居家", "水电"), ("居家", "电梯"), ("出行", "停车")]
DECIDED: list[tuple[str, CategoryPath]] = [
    *[(f"家里跑冒滴漏，龙头拧不紧，第{i}次说了", ("居家", "水电")) for i in range(12)],
    *[(f"轿厢晃得厉害，按钮失灵，第{i}次说了", ("居家", "电梯")) for i in range(12)],
    *[(f"车子没地方放，剐蹭，第{i}次说了", ("出行", "停车")) for i in range(12)],
]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("楼下烧烤店油烟太大", ("环境保护", "环境污染", "大气污染")),
        ("厂里拖欠工资不给", ("劳动和社会保障", "工资福利", "工资发放")),
        ("小区停水三天了，自来水公司不管", ("城乡建设", "城市建设和市政管理", "自来水供应")),
        ("学校老师假期有偿补课", ("教育文体", "教育行政管理", "教学管理")),
        ("独生子女费一直没有发", ("卫生计生", "人口计生", "独生子女父母奖励政策")),
    ],
)
def test_cold_start_finds_the_leaf(text: str, path: CategoryPath) -> None:
    best = COLD.suggest(text)[0]
    assert best.path == path
    assert best.because
    assert all(word in text for word in best.because)


@pytest.mark.parametrize("text", ["", "你好", "谢谢领导", "😀", "\u202e", "啊" * 100_000])
def test_not_sure_is_said_by_silence(text: str) -> None:
    assert COLD.suggest(text) == []


def test_every_line_of_the_lexicon_names_a_branch() -> None:
    branches = {path[:depth] for path in DEFAULT_TREE for depth in (1, 2, 3)}
    assert set(LEXICON) <= branches


def test_decided_cases_teach_words_that_no_lexicon_has() -> None:
    assert classifier_cold(OWN_TREE).suggest("轿厢又晃了，按钮失灵") == []
    best = classifier_fit(DECIDED, OWN_TREE).suggest("轿厢又晃了，按钮失灵")[0]
    assert best.path == ("居家", "电梯")
    assert set(best.because) & {"轿厢", "按钮", "失灵", "按钮失灵"}


def test_cases_out_of_the_tree_are_passed_over() -> None:
    strangers: list[tuple[str, CategoryPath]] = [("漏水", ("不在树里",))]
    text = "楼下烧烤店油烟太大"
    expected = classifier_cold(DEFAULT_TREE).suggest(text)
    assert expected
    assert classifier_fit(strangers, DEFAULT_TREE).suggest(text) == expected


def test_the_order_of_cases_makes_no_difference_to_the_suggestion() -> None:
    one = classifier_fit(DECIDED, OWN_TREE).suggest("龙头拧不紧")
    other = classifier_fit(DECIDED[::-1], OWN_TREE).suggest("龙头拧不紧")
    assert [s.path for s in one] == [s.path for s in other]
    assert one[0].probability == pytest.approx(other[0].probability, abs=1e-3)


@given(st.text(max_size=80), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_probabilities_are_in_range_and_best_first(text: str, k: int) -> None:
    found = COLD.suggest(f"小区油烟{text}", k)
    assert len(found) <= k
    assert all(0 < one.probability <= 1 for one in found)
    assert sum(one.probability for one in found) <= 1 + 1e-5
    assert [-one.probability for one in found] == sorted(-one.probability for one in found)


def test_the_first_level_is_told_however_unsure_and_nothing_where_nothing_tells() -> None:
    found = COLD.top_level("路灯")
    assert found is not None
    assert found[0] == "城乡建设"
    assert 0 < found[1] <= 1
    assert COLD.top_level("") is None
