"""Near-duplicates: copies, shared sentences, places kept apart, links, names that stay, and bad input."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.judged_matters import real_messages
from yiting.methods.texts import ContradictoryLinks
from yiting.methods.texts.duplicates import SpilledTexts, duplicate_groups, naming
from yiting.methods.texts.duplicates.banding import LEADERS, Pairs, candidate_pairs
from yiting.methods.texts.duplicates.letters import plain_letters
from yiting.methods.texts.duplicates.signing import BANDS, chosen, joined, sign
from yiting.methods.texts.identity import named_groups
from yiting.methods.texts.linkage import Partition
from yiting.methods.texts.shingles import shingles

LAMP = (
    "仁和家园三号楼到五号楼之间的路灯已经坏了两个多月，晚上漆黑一片，老人下楼倒垃圾摔过两回。"
    "打过物业电话，说要等上面批钱。天越来越短，孩子放学回来也看不见路，希望尽快派人来修一修。"
)
NOISE = (
    "我家楼下的烧烤店每天营业到凌晨三点，喝酒划拳的声音把全楼都吵醒，油烟顺着窗户往屋里灌。"
    "去年就反映过，来人看了一次以后照旧。家里有准备高考的学生，实在没有办法休息。"
)
GREETING, CLOSING = "尊敬的领导：您好！", "望有关部门尽快处理，谢谢！"
SOME_IDS = [f"m{number}" for number in range(12)]


def mistyped(text: str, rate: float, seed: int) -> str:
    """A copy with characters dropped, replaced and put in."""
    chance = random.Random(seed)
    letters = []
    for letter in text:
        if chance.random() >= rate or letter in "仁和家园":
            letters.append(letter)
        elif chance.random() < 0.5:
            letters.append(chance.choice(NOISE))
    return "".join(letters)


def sets(groups: dict[str, str]) -> set[frozenset[str]]:
    """Groups as sets of ids, whatever they are called."""
    found: dict[str, set[str]] = {}
    for id, name in groups.items():
        found.setdefault(name, set()).add(id)
    return {frozenset(ids) for ids in found.values()}


def together(*texts: str, **more: object) -> bool:
    ids = [str(number) for number in range(len(texts))]
    return len(set(duplicate_groups(ids, texts, **more).values())) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "copy",
    [
        LAMP,
        GREETING + LAMP + CLOSING,
        LAMP.replace("，", " "),
        mistyped(LAMP, 0.15, 1),
        "。".join([*LAMP.split("。")[1:], LAMP.split("。")[0]]),
        LAMP.replace("仁和家园", "仁和家園").replace("电话", "電話"),
    ],
    ids=["same", "greeted", "unpunctuated", "mistyped", "turned round", "traditional"],
)
def test_copies_are_found(copy: str) -> None:
    assert together(LAMP, copy)


@pytest.mark.parametrize(
    "other",
    [
        NOISE,
        LAMP.split("。")[0] + "。" + NOISE,
        LAMP[:60],
        LAMP.replace("仁和家园", "恒大华府"),
        LAMP.replace("三号楼", "七号楼").replace("五号楼", "九号楼"),
        "",
        "灯",
    ],
    ids=["another", "a shared sentence", "a part", "another estate", "other buildings", "empty", "one letter"],
)
def test_what_is_no_copy_is_kept_apart(other: str) -> None:
    assert not together(LAMP, other)


def test_a_place_that_was_picked_counts_like_one_that_was_named() -> None:
    said = LAMP.replace("仁和家园", "小区里")
    assert together(said, said + "。", places=["仁和家园", "仁和家园"])
    assert not together(said, said + "盼复", places=["仁和家园", "恒大华府"])
    assert not together(said, said, places=["仁和家园", "恒大华府"])
    assert together(said, said, places=["仁和家园", None])


def test_the_same_estate_of_another_city_is_another_place() -> None:
    assert not together("长沙市" + LAMP, "株洲市" + LAMP)
    assert together("长沙市" + LAMP, LAMP)


def test_known_places_are_found_however_many_there_are() -> None:
    here, there = (LAMP.replace("仁和家园", name) for name in ("老槐树底", "供销社后"))
    assert together(here, there)
    city = frozenset(f"地方{number}" for number in range(20_000)) | {"底"}
    assert not together(here, there, known_places=city | {"老槐樹底", "供销社后"})


def test_how_many_names_are_remembered_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [mistyped(LAMP.replace("仁和家园", name), 0.03, seed) for seed in range(9) for name in ("金桂苑", "望江府")]
    ids = [f"{number:02}" for number in range(len(texts))]
    groups = duplicate_groups(ids, texts)
    monkeypatch.setattr(naming, "_MOST_REMEMBERED", 2)
    monkeypatch.setattr(naming, "_PAIRS_AT_ONCE", 3)
    assert duplicate_groups(ids, texts) == groups
    assert sets(groups) == {frozenset(ids[::2]), frozenset(ids[1::2])}


def test_building_numbers_are_read_however_they_are_written() -> None:
    assert together(LAMP, LAMP.replace("三号楼", "3号楼").replace("五号楼", "5号楼"))
    assert not together(LAMP, LAMP.replace("三号楼到五号楼", "十三栋到十五栋"))


def test_shared_sentences_make_no_chain() -> None:
    chance = random.Random(4)
    sentences = ["".join(chance.sample(LAMP + NOISE, 30)) + "。" for _ in range(24)]
    texts = [sentences[i] + sentences[i + 1] for i in range(23)]
    groups = duplicate_groups([f"{i:02}" for i in range(23)], texts)
    assert len(set(groups.values())) == 23


def test_a_copy_stays_with_what_it_was_copied_from_among_a_thousand() -> None:
    texts = [mistyped(LAMP, 0.1, seed) for seed in range(300)] + [mistyped(NOISE, 0.1, seed) for seed in range(300)]
    groups = sets(duplicate_groups([str(i) for i in range(600)], texts))
    assert sorted(map(len, groups))[-2:] >= [290, 290]
    assert all({int(id) < 300 for id in group} != {True, False} for group in groups)


def test_a_crowd_under_one_key_makes_no_crowd_of_pairs() -> None:
    keys = np.repeat(sign([LAMP]).keys, 50_000, axis=0)
    prints = np.arange(1, 50_001, dtype=np.uint64)
    asked = []

    def judge(pairs: Pairs) -> NDArray[np.bool_]:
        asked.append(len(pairs))
        return pairs[:, 0] % 2 == 0

    found = candidate_pairs(keys, prints, np.arange(50_000), judge)
    assert 0 < len(found) < max(asked) <= LEADERS * 50_000
    assert (found[:, 0] < found[:, 1]).all()
    assert (found[:, 0] % 2 == 0).all()


@pytest.mark.slow
def test_a_million_identical_texts_are_one_group() -> None:
    ids = [str(number) for number in range(1_000_000)]
    groups = duplicate_groups(ids, [LAMP] * len(ids))
    assert set(groups.values()) == {"0"}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_few_texts_are_grouped_too(number: int) -> None:
    assert len(duplicate_groups(SOME_IDS[:number], [LAMP] * number)) == number


def test_binary_noise_is_like_nothing_but_itself() -> None:
    chance = random.Random(1)
    noise = [chance.randbytes(chance.randrange(400)).decode("latin-1") for _ in range(300)]
    broken = [chance.randbytes(300).decode("utf-8", "surrogateescape") for _ in range(100)]
    wide = ["".join(chr(chance.randrange(0x110000)) for _ in range(100)) for _ in range(100)]
    texts = [*noise, *broken, *wide, broken[0], wide[0]]
    groups = sets(duplicate_groups([str(i) for i in range(len(texts))], texts))
    assert {group for group in groups if len(group) > 1} == {frozenset(("300", "500")), frozenset(("400", "501"))}


def test_texts_without_any_chinese_are_grouped_by_their_letters() -> None:
    lamp = "The street lamp in front of number twelve has been dark for two months; please send somebody to mend it."
    noise = "Every night until three the barbecue below our flat shouts and smokes, and nobody in the house can sleep."
    groups = duplicate_groups(["a", "b", "c"], [lamp, "Dear all, " + lamp.upper().replace("two", "2"), noise])
    assert sets(groups) == {frozenset("ab"), frozenset("c")}


def test_a_text_of_ten_megabytes_is_read_from_its_beginning() -> None:
    chance = random.Random(2)
    letters = [chr(chance.randrange(0x4E00, 0x9F00)) for _ in range(40_000)]
    long = "".join(letters) * 85
    groups = duplicate_groups(["a", "b", "c", "d"], [long, LAMP, long[:-1], "".join(reversed(letters)) * 85])
    assert len(long.encode()) > 10_000_000
    assert sets(groups) == {frozenset("ac"), frozenset("b"), frozenset("d")}


def test_many_long_texts_are_compared_a_few_at_a_time() -> None:
    chance = random.Random(3)
    long = "".join(chr(chance.randrange(0x4E00, 0x9F00)) for _ in range(19_000))
    copies = [long[:start] + "灯" + long[start + 1 :] for start in range(0, 19_000, 950)]
    assert together(*copies)


@pytest.mark.parametrize(
    "text",
    ["", " \n", "灯", "\ud800", "\x00\x01", "😀" * 50, "abc " * 40, "。！？" * 30, "灯" * 200_000],
    ids=["empty", "blank", "one", "surrogate", "control", "emoji", "latin", "marks", "long"],
)
def test_odd_texts_stand_alone_and_harm_nobody(text: str) -> None:
    groups = duplicate_groups(["a", "b", "c"], [LAMP, text, LAMP])
    assert sets(groups) == {frozenset("ac"), frozenset("b")}


def test_texts_without_letters_are_nobodys_copies() -> None:
    assert len(set(duplicate_groups(["a", "b"], ["", "？？"]).values())) == 2


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="id of its own"):
        duplicate_groups(["a", "a"], ["1", "2"])
    with pytest.raises(ValueError, match="as many"):
        duplicate_groups(["a"], ["1", "2"])
    with pytest.raises(ContradictoryLinks) as refused:
        duplicate_groups(["a", "b"], [LAMP, NOISE], must_link=[("a", "b")], cannot_link=[("b", "a")])
    assert set(refused.value.pair) == {"a", "b"}


# --- laws
TEXTS = st.lists(
    st.builds(
        mistyped,
        st.sampled_from([LAMP, NOISE, LAMP.replace("仁和家园", "恒大华府"), "灯坏了", ""]),
        st.sampled_from([0.0, 0.05, 0.12]),
        st.integers(0, 5),
    ),
    max_size=len(SOME_IDS),
)
PAIRS = st.lists(st.tuples(st.sampled_from(SOME_IDS), st.sampled_from(SOME_IDS)), max_size=4)


@settings(max_examples=60)
@given(texts=TEXTS, seed=st.integers(0, 99))
def test_the_order_makes_no_difference(texts: list[str], seed: int) -> None:
    ids = SOME_IDS[: len(texts)]
    turned = list(zip(ids, texts, strict=True))
    random.Random(seed).shuffle(turned)
    again = duplicate_groups([id for id, _ in turned], [text for _, text in turned])
    assert again == duplicate_groups(ids, texts)


@settings(max_examples=60)
@given(texts=TEXTS, must=PAIRS, cannot=PAIRS)
def test_links_are_obeyed_or_refused(
    texts: list[str], must: list[tuple[str, str]], cannot: list[tuple[str, str]]
) -> None:
    ids = SOME_IDS[: len(texts)]
    try:
        groups = duplicate_groups(ids, texts, must_link=must, cannot_link=cannot)
    except ContradictoryLinks:
        together = Partition(len(texts))
        for a, b in must:
            if {a, b} <= set(ids):
                together.join(ids.index(a), ids.index(b))
        apart = [(ids.index(a), ids.index(b)) for a, b in cannot if {a, b} <= set(ids) and a != b]
        assert any(together.of(a) == together.of(b) for a, b in apart)
        return
    assert groups.keys() == set(ids)
    assert all(groups[a] == groups[b] for a, b in must if {a, b} <= groups.keys())
    assert all(groups[a] != groups[b] for a, b in cannot if {a, b} <= groups.keys() and a != b)


@settings(max_examples=60)
@given(texts=TEXTS, first=st.integers(0, 12))
def test_groups_keep_their_names_when_texts_are_added(texts: list[str], first: int) -> None:
    ids = SOME_IDS[: len(texts)]
    before = duplicate_groups(ids[:first], texts[:first])
    after = duplicate_groups(ids, texts, known=before)
    assert duplicate_groups(ids, texts, known=after) == after
    for group in sets(after):
        old = {before[id] for id in group if id in before}
        (name,) = {after[id] for id in group}
        # a name of before is kept by one who had it; a new name is nobody's of before
        assert name in old if name in set(before.values()) else name not in before.values()
        if len(old) == 1 and sum(before[id] in old for id in before) == sum(id in before for id in group):
            assert {name} == old


@given(texts=st.lists(st.one_of(st.text(max_size=20), st.sampled_from([LAMP, "\ud800", ""])), max_size=8))
def test_texts_in_a_file_are_the_texts(texts: list[str]) -> None:
    with SpilledTexts(iter(texts)) as spilled:
        assert list(spilled) == texts
        assert spilled[1:] == texts[1:]
        assert [spilled[-1 - i] for i in range(len(texts))] == texts[::-1]
        with pytest.raises(IndexError):
            spilled[len(texts)]
        ids = SOME_IDS[: len(texts)]
        assert duplicate_groups(ids, spilled) == duplicate_groups(ids, texts)


@given(groups=st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), max_size=5))
def test_names_are_given_once(groups: list[set[str]]) -> None:
    apart: list[list[str]] = []
    seen: set[str] = set()
    for group in groups:
        apart += [sorted(group - seen)] if group - seen else []
        seen |= group
    names = named_groups(apart, {"a": "h", "b": "a", "c": "a"})
    assert len(set(names.values())) == len(apart)
    assert all(len({names[id] for id in group}) == 1 for group in apart)


@given(parts=st.lists(st.lists(st.text(max_size=30), max_size=4), max_size=4))
def test_partitions_are_signed_as_the_whole_is(parts: list[list[str]]) -> None:
    whole = sign([text for part in parts for text in part])
    apart = joined([sign(part) for part in parts]) if parts else sign([])
    for one, other in ((whole.codes, apart.codes), (whole.keys, apart.keys), (whole.prints, apart.prints)):
        assert np.array_equal(one, other)
    rows = np.arange(len(whole))[::-1].copy()
    assert np.array_equal(chosen(chosen(whole, rows), rows).codes, whole.codes)
    assert whole.keys.shape == (len(whole), BANDS)


@given(texts=st.lists(st.text(alphabet="ab路灯\ud800", max_size=8), max_size=8), size=st.integers(1, 4))
def test_shingles_are_the_runs_of_each_text(texts: Sequence[str], size: int) -> None:
    found = shingles(texts, size)
    runs = [[text[i : i + size] for i in range(max(1, len(text) - size + 1))] if text else [] for text in texts]
    assert [len(found.of(i)) for i in range(len(texts))] == [len(some) for some in runs]
    numbers: dict[str, int] = {}
    for i, some in enumerate(runs):
        for run, number in zip(some, found.of(i).tolist(), strict=True):
            assert numbers.setdefault(run, number) == number
    assert len(set(numbers.values())) == len(numbers)


def test_shingles_have_a_letter_at_least() -> None:
    with pytest.raises(ValueError, match="one character"):
        shingles(["a"], 0)


def test_plain_letters_are_of_one_width_and_script() -> None:
    assert plain_letters(["Ａ５區，路 燈!", "", "①②"]) == ["a5区路灯", "", "12"]
    assert plain_letters(["路燈，壞 ㎡"], punctuation=True) == ["路灯,坏m"]


def test_exact_repeats_of_real_messages_are_groups(shared_data: Path) -> None:
    folder = shared_data / "messages"
    messages = real_messages(folder / "messages.xlsx")
    groups = duplicate_groups([one.id for one in messages], [one.body for one in messages])
    with (folder / "exact-repeats.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    repeats: dict[str, set[str]] = {}
    for row in rows:
        if row["sheet"] == "附件3":
            repeats.setdefault(row["group"], set()).add(groups[row["留言编号"]])
    assert repeats
    assert all(len(names) == 1 for names in repeats.values())
