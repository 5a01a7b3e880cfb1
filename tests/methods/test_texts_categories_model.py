"""Categories learned from labelled messages: laws, refusals, files that are damaged, and how sure answers are."""

from __future__ import annotations

import csv
import json
import pathlib
import random
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import minimize

from yiting.methods.texts.categories import (
    CategoryModel,
    CategorySuggestion,
    CategoryTooDeep,
    CategoryTreeLoop,
    CategoryUnknown,
    ModelUnreadable,
    NothingToLearn,
    NotSure,
    categories_train,
    cross_validate,
    label_path,
    storage,
    tree_from_parents,
)
from yiting.methods.texts.categories.folds import folds_of
from yiting.methods.texts.categories.solver import machines_fit

WORDS = {
    "水电/停水": "停水 水管 自来水 水压 漏水",
    "水电/停电": "停电 电表 变压器 电费 跳闸",
    "出行/公交/班次": "公交 班次 等车 司机 末班车",
    "出行/公交/站点": "公交 站台 候车亭 站牌 换乘",
    "学校": "老师 补课 学费 教室 食堂",
}
COMMON = ["小区", "居民", "希望", "领导", "解决", "我们", "多次", "反映", "没有", "情况"]


def made(each: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """Messages of each category: three of its words among common ones."""
    draw = random.Random(seed)
    cases = []
    for label, words in WORDS.items():
        for _ in range(each):
            said = draw.choices(words.split(), k=3) + draw.choices(COMMON, k=4)
            draw.shuffle(said)
            cases.append(("，".join(said), label))
    draw.shuffle(cases)
    return [text for text, _ in cases], [label for _, label in cases]


TEXTS, LABELS = made(30)
MODEL = categories_train(TEXTS, LABELS)
ASKED, TRUTH = made(10, seed=2)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("model") / "categories.model"
    MODEL.save(path)
    return path


def unreadable(path: pathlib.Path) -> None:
    with pytest.raises(ModelUnreadable, match="Train it anew"):
        CategoryModel.load(path)


@given(st.randoms(use_true_random=False))
@settings(max_examples=4)
def test_the_order_of_rows_makes_no_difference(draw: random.Random) -> None:
    order = draw.sample(range(len(TEXTS)), len(TEXTS))
    again = categories_train([TEXTS[i] for i in order], [LABELS[i] for i in order])
    np.testing.assert_allclose(again.probabilities(ASKED), MODEL.probabilities(ASKED), atol=1e-6)


def test_the_same_input_gives_the_same_bytes(saved: pathlib.Path, tmp_path: pathlib.Path) -> None:
    categories_train(TEXTS, LABELS).save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == saved.read_bytes()


def test_probabilities_add_up_along_the_tree() -> None:
    found = MODEL.probabilities([*ASKED, "", "zzzz"])
    assert found.min() >= 0
    assert found.max() <= 1
    for above in {(), *MODEL.paths}:
        below = [i for i, path in enumerate(MODEL.paths) if path[:-1] == above]
        if below:
            whole = found[:, MODEL.paths.index(above)] if above else np.ones(len(found))
            np.testing.assert_allclose(found[:, below].sum(axis=1), whole, atol=1e-9)


def test_three_levels_are_told() -> None:
    answers = MODEL.classify(ASKED)
    assert len(answers) == len(ASKED)
    assert np.mean([answer.path == label_path(label) for answer, label in zip(answers, TRUTH, strict=True)]) > 0.8
    assert any(len(answer.path) == 3 for answer in answers)


def test_a_loaded_model_answers_the_same(saved: pathlib.Path) -> None:
    loaded = CategoryModel.load(saved)
    np.testing.assert_array_equal(loaded.probabilities(ASKED), MODEL.probabilities(ASKED))
    assert loaded.classify(ASKED) == MODEL.classify(ASKED)
    assert (loaded.threshold, loaded.paths) == (MODEL.threshold, MODEL.paths)


@given(st.floats(0, 1, exclude_max=True))
@settings(max_examples=40)
def test_a_file_cut_short_is_unreadable(saved: pathlib.Path, where: float) -> None:
    content = saved.read_bytes()
    cut = saved.with_name("cut")
    cut.write_bytes(content[: int(where * len(content))])
    unreadable(cut)


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.booleans())
@settings(max_examples=150)
def test_a_flipped_byte_is_told_or_harmless(saved: pathlib.Path, where: float, flip: int, at_end: bool) -> None:
    content = bytearray(saved.read_bytes())
    # the directory at the end is small beside the rest, and where most can go wrong
    begin = len(content) - 1_500 if at_end else 0
    content[begin + int(where * (len(content) - begin))] ^= flip
    damaged = saved.with_name("damaged")
    damaged.write_bytes(content)
    try:
        loaded = CategoryModel.load(damaged)
    except ModelUnreadable:
        return
    np.testing.assert_array_equal(loaded.probabilities(ASKED), MODEL.probabilities(ASKED))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_other_files_are_unreadable(tmp_path: pathlib.Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    unreadable(tmp_path / "other")


def test_a_save_that_breaks_off_leaves_the_old_model(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "categories.model"
    MODEL.save(path)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        MODEL.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_unpacks_too_large_is_unreadable(saved: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_LARGEST", 1_000)
    with pytest.raises(ModelUnreadable, match="two gigabytes"):
        CategoryModel.load(saved)


@pytest.mark.parametrize("no_file", ["", "nothing/here"])
def test_a_missing_file_is_told_as_such(tmp_path: pathlib.Path, no_file: str) -> None:
    with pytest.raises(FileNotFoundError):
        CategoryModel.load(tmp_path / no_file / "categories.model")


def test_a_folder_is_unreadable(tmp_path: pathlib.Path) -> None:
    unreadable(tmp_path)


@pytest.mark.parametrize("change", [{"version": 2}, {"format": "else"}, {"branches": []}, {"texts": None}])
def test_another_header_is_unreadable(saved: pathlib.Path, tmp_path: pathlib.Path, change: dict[str, object]) -> None:
    other = tmp_path / "other"
    with zipfile.ZipFile(saved) as whole, zipfile.ZipFile(other, "w") as pack:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "header.json":
                content = json.dumps({**json.loads(content), **change}).encode()
            pack.writestr(name, content)
    unreadable(other)


@pytest.mark.parametrize(("texts", "labels"), [([], []), (["", "  "], ["甲", "乙"]), (["停水"], [" "])])
def test_nothing_to_learn(texts: list[str], labels: list[str]) -> None:
    with pytest.raises(NothingToLearn):
        categories_train(texts, labels)


def test_lists_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 texts but 1 labels"):
        categories_train(["停水", "停电"], ["甲"])


@pytest.mark.parametrize("label", ["a/b/c/d", "a//c", ("", "b")])
def test_a_path_of_the_wrong_depth_is_refused(label: str | tuple[str, ...]) -> None:
    with pytest.raises(CategoryTooDeep):
        categories_train(["停水"], [label])


def test_trees() -> None:
    assert tree_from_parents({"a": None, "b": "a", "c": "b"}) == (("a",), ("a", "b"), ("a", "b", "c"))
    with pytest.raises(CategoryTreeLoop, match="a > b > a"):
        tree_from_parents({"a": "b", "b": "a"})
    with pytest.raises(CategoryUnknown):
        tree_from_parents({"a": "nowhere"})
    with pytest.raises(CategoryTreeLoop):
        categories_train(["停水"], ["a"], tree=[("a", "b", "a")])
    with pytest.raises(CategoryUnknown, match="x"):
        categories_train(["停水"], ["x"], tree=[("a",)])
    assert categories_train(["停水"], ["a"], tree=[("a", "b")]).paths == (("a",),)


def test_one_class_only() -> None:
    model = categories_train(["停水了", "水管漏水"], ["水", "水"])
    assert model.paths == (("水",),)
    assert model.classify(["停水"])[0].path == ("水",)
    assert np.isnan(model.sure_precision)


def test_a_label_with_a_single_text_is_learned() -> None:
    model = categories_train([*TEXTS, "路灯不亮"], [*LABELS, "路灯"])
    assert ("路灯",) in model.paths
    assert cross_validate([*TEXTS, "路灯不亮"], [*LABELS, "路灯"], folds=2).single == ("路灯",)


@pytest.mark.parametrize("text", ["", "  \n", "qzxw vvkj", "😀"])
def test_what_says_nothing_is_not_sure(text: str) -> None:
    assert isinstance(MODEL.classify([text])[0], NotSure)
    assert MODEL.classify([]) == []


def test_explanations_are_words_of_the_text() -> None:
    text = "小区居民反映停水，水压没有"
    words = MODEL.explain(text, ("水电", "停水"))
    assert words
    assert all(word in text and weight > 0 for word, weight in words)
    assert words[0][0] in {"停水", "水压"}
    assert len(MODEL.explain(text, ("水电",), k=1)) == 1
    with pytest.raises(CategoryUnknown):
        MODEL.explain(text, ("没有的",))


def test_calibration_of_noisy_topics_is_sane() -> None:
    texts, labels = made(80, seed=3)
    draw = random.Random(4)
    names = [label.split("/")[0] for label in labels]
    noisy = [draw.choice(["水电", "出行", "学校"]) if draw.random() < 0.3 else name for name in names]
    report = cross_validate(texts, noisy, folds=3)
    assert 0.65 < report.accuracy < 0.9
    assert report.calibration_error < 0.1


def test_exact_repeats_stay_in_one_fold() -> None:
    texts = [*TEXTS, *TEXTS[:40]]
    folds = folds_of(texts, [label_path(label) for label in [*LABELS, *LABELS[:40]]], 5)
    assert len({*zip(texts, folds.tolist(), strict=True)}) == len(set(texts))
    report = cross_validate(texts, [*LABELS, *LABELS[:40]], folds=2)
    assert report.repeats == len(texts) - len(set(texts))
    assert next(iter(report.as_dict())) == "macro_f1"
    json.dumps(report.as_dict(), allow_nan=False)
    with pytest.raises(ValueError, match="two folds"):
        cross_validate(texts, LABELS, folds=1)
    with pytest.raises(NothingToLearn):
        cross_validate(["停水", "停水 "], ["水", "水"])


def test_the_solver_reaches_the_minimum_that_scipy_finds() -> None:
    draw = np.random.default_rng(5)
    cases = draw.normal(size=(120, 8)).astype(np.float32)
    classes = draw.integers(0, 3, 120)
    ones = np.hstack([cases, np.ones((120, 1), np.float32)])
    sides = np.where(classes[:, None] == np.arange(3), 1.0, -1.0)

    def loss(flat: np.ndarray) -> float:
        short = np.maximum(0, 1 - sides * (ones @ flat.reshape(9, 3)))
        return float(flat @ flat / 2 + 0.25 * np.sum(np.where(sides > 0, 2.0, 1.0) * short**2))

    mine = machines_fit(sparse.csr_array(cases), classes, 3, strictness=0.25, members=2.0)
    least = minimize(loss, np.zeros(27)).fun
    assert least - 1e-4 <= loss(mine.ravel().astype(np.float64)) <= 1.01 * least


@pytest.mark.slow
def test_real_messages_are_told(shared_data: pathlib.Path) -> None:
    with open(shared_data / "messages" / "labelled-fulltext.csv", newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    texts = [f"{row['留言主题']}\n{row['留言详情']}" for row in rows]
    labels = [row["一级标签"] for row in rows]
    folds = folds_of(texts, [(label,) for label in labels], 5)
    known, out = np.flatnonzero(folds != 0), np.flatnonzero(folds == 0)
    found = categories_train([texts[i] for i in known], [labels[i] for i in known]).classify([texts[i] for i in out])
    told, truth = np.array([one.path[0] for one in found]), np.array([labels[i] for i in out])
    scores = [
        2 * np.sum((told == name) & (truth == name)) / (np.sum(told == name) + np.sum(truth == name))
        for name in sorted(set(labels))
    ]
    assert np.mean(scores) > 0.85
    assert all(isinstance(one, CategorySuggestion | NotSure) for one in found)
