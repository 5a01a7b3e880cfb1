"""How well categories are told by a model learned from labelled messages, how quickly it learns and answers.

usage: python benchmarks/bench_texts_categories.py [--data FOLDER] [--json]

Two labelled sets below FOLDER/messages (default: $YITING_SHARED_DATA, or shared/data beside the checkout): tokens
without stop words, and raw messages. Each is dealt into five folds, exact repeats in one; each fold is told by a model
of the other four. The peer, in the same run and the same folds, is scikit-learn: TfidfVectorizer over runs of one to
three characters with LinearSVC, both as they come (damped counts make it weaker). Answers are timed on 20,000 messages,
the set's rows again and again. Without the data it says so and ends with 0. Ends with 1 when a figure is not reached:
macro-F1 0.935 on tokens, above the peer on both, five trainings of each set within 60 s, 20,000 answers a second.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from yiting.methods.texts.categories import CategorySuggestion, categories_train
from yiting.methods.texts.categories.calibration import calibration_error
from yiting.methods.texts.categories.folds import folds_of

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FOLDS = 5
ANSWERED = 20_000
TOKENS_F1, TRAINED_S, PER_S = 0.935, 60.0, 20_000

Told = list[tuple[str, float, bool]]
"""Of each text: the category, how probable, whether sure."""
Answer = Callable[[Sequence[str]], Told]
Train = Callable[[Sequence[str], Sequence[str]], Answer]


def rows_of(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """Return the texts and the labels of one set."""
    with open(folder / "messages" / f"labelled-{name}.csv", newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    if name == "tokens":
        return [row["tokens"] for row in rows], [row["label"] for row in rows]
    return [f"{row['留言主题']}\n{row['留言详情']}" for row in rows], [row["一级标签"] for row in rows]


def ours(texts: Sequence[str], labels: Sequence[str]) -> Answer:
    """Train our model."""
    model = categories_train(texts, [(label,) for label in labels])

    def answer(asked: Sequence[str]) -> Told:
        found = model.classify(asked)
        return [
            (one.path[0] if one.path else "", one.probability, isinstance(one, CategorySuggestion)) for one in found
        ]

    return answer


def peer(texts: Sequence[str], labels: Sequence[str]) -> Answer:
    """Train scikit-learn's."""
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC())
    model.fit(texts, labels)
    return lambda asked: [(str(label), 1.0, True) for label in model.predict(asked)]


def measure(train: Train, texts: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """Train and judge fold by fold, then time many answers."""
    folds = folds_of(texts, [(label,) for label in labels], FOLDS)
    told: Told = [("", 0.0, False)] * len(texts)
    wall = processor = 0.0
    for fold in range(FOLDS):
        known, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        began, worked = time.perf_counter(), time.process_time()
        answer = train([texts[i] for i in known], [labels[i] for i in known])
        wall, processor = wall + time.perf_counter() - began, processor + time.process_time() - worked
        for i, one in zip(out, answer([texts[i] for i in out]), strict=True):
            told[i] = one
    many = list(itertools.islice(itertools.cycle(texts), ANSWERED))
    began = time.perf_counter()
    answer(many)
    answered = time.perf_counter() - began
    right = np.array([one[0] == label for one, label in zip(told, labels, strict=True)])
    sure = np.array([one[2] for one in told])
    names = sorted(set(labels))
    return {
        "macro_f1": round(float(f1_score(labels, [one[0] for one in told], labels=names, average="macro")), 4),
        "train_s": round(wall, 1),
        "train_processor_s": round(processor, 1),
        "answers_per_s": round(ANSWERED / answered),
        "calibration_error": round(calibration_error(np.array([one[1] for one in told]), right), 4),
        "sure_share": round(float(sure.mean()), 4),
        "sure_precision": round(float(right[sure].mean()), 4) if sure.any() else 0.0,
    }


def main() -> None:
    """Measure, print, judge."""
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", type=Path, default=Path(os.environ.get("YITING_SHARED_DATA", BESIDE)))
    ap.add_argument("--json", action="store_true")
    a = ap.parse_args()
    if not (a.data / "messages" / "labelled-tokens.csv").is_file():
        print(f"no labelled messages below {a.data}: nothing measured; give their folder with --data", file=sys.stderr)
        sys.exit(0)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name in ("tokens", "fulltext"):
        texts, labels = rows_of(a.data, name)
        theirs = measure(peer, texts, labels)
        # the peer gives no probabilities and is always sure
        theirs = {figure: theirs[figure] for figure in ("macro_f1", "train_s", "train_processor_s", "answers_per_s")}
        found[name] = {"ours": measure(ours, texts, labels), "scikit-learn": theirs}
        if not a.json:
            print(f"{name}: {len(texts)} messages, {len(set(labels))} categories")
            for figure, value in found[name]["ours"].items():
                print(f"  {figure:20}{value:>10}{f'   scikit-learn {theirs[figure]}' if figure in theirs else ''}")
    if a.json:
        print(json.dumps(found))
    reached = found["tokens"]["ours"]["macro_f1"] >= TOKENS_F1
    for each in found.values():
        mine = each["ours"]
        reached &= mine["macro_f1"] > each["scikit-learn"]["macro_f1"]
        reached &= mine["train_s"] < TRAINED_S and mine["answers_per_s"] >= PER_S
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
