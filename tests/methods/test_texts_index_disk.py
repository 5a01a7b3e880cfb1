"""The index in a folder: reopened, damaged, written by one and read by many, and what leaves the disk."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiting.methods.texts.index import (
    Entry,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOfAnotherVersion,
    IndexThere,
    TextIndex,
    textindex,
)
from yiting.methods.texts.index import folders as folders_module

WORDS = ["东环路的路灯坏了", "小区垃圾没人清运", "想建一个凉亭乘凉", "家里暖气不热", "电梯又停了", "井盖丢了"]
ENTRIES = [Entry(f"{i:02}", f"{WORDS[i % 6]}，第{i}条{WORDS[(i * 5 + 1) % 6]}", i % 3) for i in range(24)]


def filled(folder: Path) -> TextIndex:
    """Two commits; before the second one text was replaced and one removed."""
    index = TextIndex.create(folder)
    index.add(ENTRIES[:16])
    index.commit({"mark": 16})
    index.add(ENTRIES[15:])
    index.remove(["03"])
    index.commit({"mark": 24})
    return index


def answers(index: TextIndex) -> list[object]:
    return [index.search(words, k=6, floor=0.0, shelf=shelf) for words in WORDS for shelf in (None, 1)]


def test_reopened_it_gives_the_same_answers(tmp_path: Path) -> None:
    index = filled(tmp_path)
    again = TextIndex.open(tmp_path)
    assert answers(again) == answers(index)
    assert (len(again), dict(again.note), again.damage) == (23, {"mark": 24}, None)
    in_memory = TextIndex.create()
    in_memory.add(entry for entry in ENTRIES if entry.id != "03")
    assert answers(again) == answers(in_memory)


def test_large_parts_are_joined_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textindex, "_MOST_IN_MEMORY", 4)
    monkeypatch.setattr(textindex, "_ALWAYS_JOINED", 2)
    monkeypatch.setattr("yiting.methods.texts.index.merging._PAIRS_AT_ONCE", 16)
    monkeypatch.setattr("yiting.methods.texts.index.merging._ROWS_AT_ONCE", 3)
    index = TextIndex.create(tmp_path)
    for entry in ENTRIES:
        index.add(entry)
    index.remove(["03"])
    index.commit()
    in_memory = TextIndex.create()
    in_memory.add(entry for entry in ENTRIES if entry.id != "03")
    assert answers(TextIndex.open(tmp_path)) == answers(in_memory) == answers(index)
    index.compact()
    index.commit()
    assert answers(TextIndex.open(tmp_path)) == answers(in_memory)
    assert len(list(tmp_path.glob("*.arrays"))) == 1


def test_the_same_texts_make_the_same_file(tmp_path: Path) -> None:
    """However they came: compacted, two folders hold the same bytes."""
    index = filled(tmp_path / "a")
    index.compact()
    index.commit()
    other = TextIndex.create(tmp_path / "b")
    other.add(entry for entry in reversed(ENTRIES) if entry.id != "03")
    other.compact()
    other.commit()
    (one,), (two,) = ((tmp_path / name).glob("*.arrays") for name in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_all_replaced_and_all_removed(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index.add(Entry(entry.id, "井盖丢了") for entry in ENTRIES)
    index.commit()
    again = TextIndex.open(tmp_path)
    assert (len(again), "03" in again, len(again.search("井盖丢了", k=50))) == (24, True, 24)
    again.remove([entry.id for entry in ENTRIES])
    again.commit()
    empty = TextIndex.open(tmp_path)
    assert (len(empty), empty.search("井盖丢了"), list(empty.ids())) == (0, [], [])


def test_what_is_not_committed_is_not_there(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index.add(Entry("x", "新来的一条"))
    assert index.search("新来的一条")[0].id == "x"
    assert "x" not in TextIndex.open(tmp_path)
    index.close()
    index.add(Entry("y", "又来了一条"))
    assert "x" not in index
    index.commit()
    assert "y" in TextIndex.open(tmp_path)


def test_removed_texts_leave_the_disk_with_the_next_compaction(tmp_path: Path) -> None:
    index = TextIndex.create(tmp_path)
    index.add([*ENTRIES, Entry("secret-id", "只有这里说到的秘密花园")])
    index.commit()
    index.remove(["secret-id"])
    index.commit()
    assert index.worn
    assert TextIndex.open(tmp_path).search("秘密花园") == []
    index.compact()
    index.commit()
    assert not TextIndex.open(tmp_path).worn
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"secret-id" not in kept
    assert "秘密".encode() not in kept


def test_no_text_is_in_the_folder(tmp_path: Path) -> None:
    filled(tmp_path)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for code in ("utf-8", "utf-16-le", "utf-32-le"):
        assert "路灯".encode(code) not in kept


def test_readers_see_a_commit_when_they_refresh(tmp_path: Path) -> None:
    index = filled(tmp_path)
    reader = TextIndex.open(tmp_path)
    assert reader.refresh() is False
    index.add(Entry("x", "新来的一条"))
    assert reader.refresh() is False
    index.commit()
    assert reader.search("新来的一条") == []
    assert reader.refresh() is True
    assert reader.search("新来的一条")[0].id == "x"


def test_a_reader_goes_on_while_files_are_swept(tmp_path: Path) -> None:
    index = filled(tmp_path)
    reader = TextIndex.open(tmp_path)
    before = answers(reader)
    index.compact()
    index.commit()
    assert answers(reader) == before


def test_a_folder_is_renewed_whatever_is_in_it(tmp_path: Path) -> None:
    filled(tmp_path)
    for path in tmp_path.glob("*.json"):
        path.write_bytes(b"rubbish")
    with pytest.raises(IndexDamaged, match="build the index anew"):
        TextIndex.open(tmp_path)
    index = TextIndex.renew(tmp_path)
    index.add(ENTRIES)
    index.commit()
    again = TextIndex.open(tmp_path)
    assert (len(again), again.damage, dict(again.note)) == (24, None, {})


def test_cleared_nothing_is_left(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index.clear()
    assert (len(index), answers(index)[0], dict(index.note)) == (0, [], {})
    index.commit()
    assert list(tmp_path.glob("*.arrays")) == []
    assert len(TextIndex.open(tmp_path)) == 0


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    index = filled(tmp_path)
    other = TextIndex.open(tmp_path)
    index.add(Entry("x", "新来的一条"))
    with pytest.raises(IndexBusy, match="try again"):
        other.add(Entry("y", "又来了一条"))
    index.commit()
    other.add(Entry("y", "又来了一条"))
    other.commit()
    assert {"x", "y"} <= set(TextIndex.open(tmp_path).ids())


def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="make one"):
        TextIndex.open(tmp_path)
    filled(tmp_path)
    with pytest.raises(IndexThere, match="open it"):
        TextIndex.create(tmp_path)


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "files")
    monkeypatch.setattr("yiting.methods.texts.index.storing.VERSION", 2)
    with pytest.raises(IndexOfAnotherVersion, match="build it anew"):
        TextIndex.open(tmp_path / "files")
    monkeypatch.setattr(folders_module, "VERSION", 2)
    with pytest.raises(IndexOfAnotherVersion, match="build the index anew"):
        TextIndex.open(tmp_path / "files")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    filled(folder)
    return folder


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[list[object]]:
    """The answers of both good states."""
    now = filled(tmp_path_factory.mktemp("now"))
    before = TextIndex.create()
    before.add(ENTRIES[:16])
    return [answers(now), answers(before)]


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_found(data: st.DataObject, whole: Path, states: list[list[object]]) -> None:
    """Cut or changed anywhere: a good state is opened, or the damage is named; never garbage."""
    folder = whole.parent / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    names = sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        path = folder / name
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content = content[:place]
        else:
            content[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)
    try:
        index = TextIndex.open(folder)
    except (IndexDamaged, IndexOfAnotherVersion):
        return
    assert answers(index) in states
    if answers(index) != states[0]:
        assert index.damage is not None


def test_a_missing_file_falls_back_and_is_written_over(tmp_path: Path, states: list[list[object]]) -> None:
    filled(tmp_path)
    newest = max(tmp_path.glob("segment-*.arrays"))
    newest.unlink()
    index = TextIndex.open(tmp_path)
    assert (answers(index), dict(index.note)) == (states[1], {"mark": 16})
    assert index.damage is not None
    index.add(ENTRIES[15:])
    index.remove(["03"])
    index.commit({"mark": 24})
    again = TextIndex.open(tmp_path)
    assert (answers(again), again.damage) == (states[0], None)


class Died(BaseException):
    """Stands for a process that is killed."""


def steps(folder: Path) -> Iterator[Callable[[pytest.MonkeyPatch], None]]:
    """Ways to die on the way of a commit: at each call that changes the disk, one after the other."""
    for name in ("fsync", "link"):
        for count in range(1, 6):
            yield lambda patch, name=name, count=count: dying(patch, os, name, count)
    for count in range(1, 4):
        yield lambda patch, count=count: dying(patch, Path, "replace", count)


def dying(patch: pytest.MonkeyPatch, owner: object, name: str, count: int) -> None:
    call, left = getattr(owner, name), [count]

    def until(*args: object, **options: object) -> object:
        left[0] -= 1
        if not left[0]:
            raise Died
        return call(*args, **options)

    patch.setattr(owner, name, until)


def test_death_at_any_step_of_a_commit_leaves_one_state_or_the_other(
    tmp_path: Path, states: list[list[object]]
) -> None:
    died = 0
    for number, step in enumerate(steps(tmp_path)):
        folder = tmp_path / str(number)
        index = TextIndex.create(folder)
        index.add(ENTRIES[:16])
        index.commit({"mark": 16})
        with pytest.MonkeyPatch.context() as patch:
            step(patch)
            try:
                index.add(ENTRIES[15:])
                index.remove(["03"])
                index.commit({"mark": 24})
            except Died:
                died += 1
        index.close()
        again = TextIndex.open(folder)
        assert answers(again) == states[0 if again.note["mark"] == 24 else 1]
        again.add(ENTRIES[15:])
        again.remove(["03"])
        again.commit({"mark": 24})
        assert answers(TextIndex.open(folder)) == states[0]
    assert died >= 6


def write_and_die(folder: str) -> None:
    index = TextIndex.open(Path(folder))
    index.add(Entry("x", "新来的一条"))
    os._exit(9)


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    filled(tmp_path)
    process = multiprocessing.get_context("spawn").Process(target=write_and_die, args=(str(tmp_path),))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    index = TextIndex.open(tmp_path)
    index.add(Entry("y", "又来了一条"))
    index.commit()
    assert "x" not in index
    assert "y" in TextIndex.open(tmp_path)
