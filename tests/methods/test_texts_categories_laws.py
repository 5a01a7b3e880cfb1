"""Laws of the parts that learn categories: solver, calibration, threshold, folds; corrections; no code in a file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from yiting.methods.texts.categories import CategoryModel, ModelUnreadable, categories_train
from yiting.methods.texts.categories.calibration import calibration_error, scaled, scaling_fit, threshold_of
from yiting.methods.texts.categories.folds import folds_of
from yiting.methods.texts.categories.solver import machines_fit
from yiting.methods.texts.categories.terms import BLOCKS, BUCKETS, terms
from yiting.methods.texts.categories.vectors import SHARES, vocabulary_of

SAID = {
    ("居家", "水电"): ("水管漏水", "停水三天", "自来水发黄", "电表跳闸"),
    ("居家", "电梯"): ("电梯晃动", "轿厢困人", "电梯停运", "按钮失灵"),
    ("出行", "停车"): ("车位被占", "停车收费", "乱停车堵路", "地库没车位"),
}
PLACES = ("东门", "西门", "三号楼", "南院", "广场边", "学校旁")
CASES = [
    (f"{place}{one}，{other}，请来看看", path)
    for path, words in SAID.items()
    for place in PLACES
    for one in words
    for other in words
    if one != other
]
TEXTS, LABELS = [text for text, _ in CASES], [path for _, path in CASES]


def test_the_machines_are_those_of_a_second_implementation() -> None:
    rows = vocabulary_of(TEXTS).rows(TEXTS)
    classes = np.array([sorted(SAID).index(path) for path in LABELS])
    ours = machines_fit(rows, classes, 3, strictness=0.3, members=1.0, steps=500, gradient=1e-5)
    theirs = LinearSVC(C=0.3, tol=1e-6, max_iter=20_000, dual=True, random_state=0).fit(rows, classes)
    assert rows @ ours[:-1] + ours[-1] == pytest.approx(theirs.decision_function(rows), abs=5e-3)


def test_each_block_of_a_row_has_its_length_and_each_bucket_one_block() -> None:
    vocabulary = vocabulary_of(TEXTS)
    rows = vocabulary.rows([*TEXTS[:20], ""]).toarray()
    edges = np.searchsorted(vocabulary.buckets, BLOCKS)
    for share, begin, end in zip(SHARES, edges[:-1], edges[1:], strict=True):
        assert np.linalg.norm(rows[:20, begin:end], axis=1) == pytest.approx(share, abs=1e-5)
    assert not rows[20].any()
    assert BLOCKS[-1] == BUCKETS


def test_letters_are_compared_in_one_writing_and_a_long_text_is_not_read_to_its_end() -> None:
    one, other = terms(["小區 ＡＢ，停水"]), terms(["小区 ab。停水"])
    assert one.buckets.tolist() == other.buckets.tolist()
    assert len(terms(["水" * 10_000_000]).rows) < 4_000


def test_scaling_finds_the_temperature_that_made_the_data() -> None:
    random = np.random.default_rng(7)
    scores = random.normal(size=(6_000, 3))
    true = scaled(scores, np.array([2.0, 0.2, 0.0, -0.2]))
    classes = (random.random((6_000, 1)) > np.cumsum(true, axis=1)).sum(axis=1)
    found = scaling_fit(scores, classes)
    assert found[0] == pytest.approx(2.0, abs=0.15)
    probabilities = scaled(scores, found)
    right = probabilities.argmax(axis=1) == classes
    assert calibration_error(probabilities.max(axis=1), right) < 0.03
    assert calibration_error(np.full(6_000, 0.999), right) > 0.1


def test_without_held_out_texts_scaling_starts_plainly() -> None:
    assert scaling_fit(np.zeros((0, 4)), np.zeros(0, dtype=np.int64)).tolist() == [1.5, 0, 0, 0, 0]


def test_the_threshold_keeps_its_precision() -> None:
    probabilities = np.linspace(1, 0, 1_001)
    right = np.arange(1_001) % 10 != 0
    right[:300] = True
    sure = probabilities >= threshold_of(probabilities, right)
    assert right[sure].mean() >= 0.949
    assert sure.sum() > 300
    assert threshold_of(probabilities, np.zeros(1_001, dtype=np.bool_)) == 0.9
    assert threshold_of(probabilities[:0], right[:0]) == 0.9


def test_labels_spread_evenly_over_folds() -> None:
    dealt = folds_of(TEXTS, LABELS, 5)
    for path in SAID:
        counts = np.bincount(dealt[[label == path for label in LABELS]], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_a_correction_changes_the_answer() -> None:
    text, path = "北门健身器材生锈", ("设施", "健身")
    before = categories_train(TEXTS, LABELS)
    after = categories_train(
        [*TEXTS, *(f"{place}健身器材生锈，没人修" for place in PLACES)], [*LABELS, *[path] * len(PLACES)]
    )
    assert path not in before.paths
    assert after.probabilities([text])[0, after.paths.index(path)] > 0.5


def test_a_text_may_end_above_a_leaf() -> None:
    text = "东门家里什么都坏，请来看看"
    model = categories_train([*TEXTS, *[text, "家里什么都坏"] * 9], [*LABELS, *[("居家",)] * 18])
    found = dict(zip(model.paths, model.probabilities([text])[0].tolist(), strict=True))
    assert found["居家", "水电"] + found["居家", "电梯"] < found["居家",] / 2


def test_an_array_that_would_run_code_is_refused(tmp_path: Path) -> None:
    categories_train(TEXTS, LABELS).save(tmp_path / "model")
    np.save(tmp_path / "evil.npy", np.array([print], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "model") as pack, zipfile.ZipFile(tmp_path / "other", "w") as other:
        for name in pack.namelist():
            other.writestr(name, (tmp_path / "evil.npy").read_bytes() if name == "rarity.npy" else pack.read(name))
    with pytest.raises(ModelUnreadable):
        CategoryModel.load(tmp_path / "other")
