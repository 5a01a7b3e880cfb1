"""The Polis files: read back by an independent reader, and telling nothing of anybody."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reddwarf.data_loader import Loader
from typer.testing import CliRunner

from tests.factories.deliberation import AT, EVERYWHERE, SENTENCES, cast, make_camps, make_open_topic
from tests.factories.people import PersonFactory
from yiting.cli.main import app
from yiting.deliberation.errors import TooFewToExport, TopicRunning
from yiting.deliberation.models import Analysis, Participant, Statement, Topic, Vote, VoteEvent
from yiting.deliberation.queries.polis import export_topic
from yiting.deliberation.services import statement_add, statement_moderate, topic_analyse, topic_close, topic_reopen
from yiting.people.actors import RESIDENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LINES = [f"第{n}件事要先办" for n in range(12)]


class Page:
    """What the reader would have got over the network."""

    def __init__(self, text: str) -> None:
        self.text = text


class Folder:
    """A session that reads files instead of the network."""

    def get(self, address: str) -> Page:
        return Page(Path(address).read_text(encoding="utf-8"))


def read_back(folder: Path) -> Loader:
    """Let red-dwarf read an exported folder."""
    loader = Loader()
    loader.session = Folder()
    loader.directory_url = f"{folder}/"
    loader.load_remote_export_data()
    return loader


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def over(topic: Topic) -> Topic:
    """Close a topic that runs, and count its votes as the worker does after the commit."""
    topic.refresh_from_db()
    if topic.state != "closed":
        topic = topic_close(by=EVERYWHERE, topic=topic, reason="到期", at=AT)
    topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
    return topic


def files_of(topic: Topic, seed: int = 1) -> dict[str, str]:
    return dict(export_topic(over(topic), draw=Random(seed)).files)


@pytest.fixture
def lively() -> Topic:
    """A topic with changed votes, a resident's statement, one declined and one about the talk itself."""
    topic = make_open_topic(sentences=SENTENCES, smallest_group=4)
    people = [cast(topic, {0: 1, 1: -1, 2: 0}) for _each in range(4)]
    cast(topic, {0: -1}, people[0])
    cast(topic, {0: 0}, people[0])
    statement_add(by=RESIDENT, topic=topic, person=people[1], text="车棚里要有灯", at=AT)
    statement_add(by=RESIDENT, topic=topic, person=PersonFactory(), text="打13800000001找我", at=AT)
    statement_add(by=RESIDENT, topic=topic, person=people[1], text="这个问题问得不清楚", is_meta=True, at=AT)
    declined = topic.statements.get(number=3)
    statement_moderate(by=EVERYWHERE, statement=declined, decision="declined", reason="跑题", at=AT)
    return over(topic)


def test_the_command_writes_what_an_independent_reader_reads_back(lively: Topic, tmp_path: Path) -> None:
    folder = tmp_path / "polis"
    done = CliRunner().invoke(app, ["deliberation", "export", lively.code.lower(), str(folder), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["participants"], told["statements"], told["votes"], told["groups"]) == (4, 9, 12, 0)
    loader = read_back(folder)
    assert len(loader.votes_data) == Vote.objects.filter(participant__topic=lively).count() == 12
    counted = Counter((int(row["statement_id"]), int(row["vote"])) for row in loader.votes_data)
    stored = Vote.objects.filter(participant__topic=lively).values_list("statement__number", "value")
    assert counted == Counter(stored)
    assert len(loader.skipped_dup_votes) == 2
    texts = {int(row["statement_id"]): row["txt"] for row in loader.comments_data}
    shown = Statement.objects.filter(topic=lively, state="shown").values_list("number", "text")
    assert {number: text for number, text in texts.items() if text} == dict(shown)
    assert {int(row["statement_id"]) for row in loader.comments_data if row["moderated"] == -1} == {3, 7}
    assert {int(row["statement_id"]) for row in loader.comments_data if row["is_meta"]} == {8}
    assert {int(row["statement_id"]) for row in loader.comments_data if row["is_seed"]} == set(range(6))


def test_a_topic_that_is_not_there_and_a_folder_that_is_none_are_refused(lively: Topic, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["deliberation", "export", "ZZZZZZZZ", str(tmp_path)]).exit_code == 2
    file = tmp_path / "file"
    file.write_text("x")
    assert CliRunner().invoke(app, ["deliberation", "export", lively.code, str(file)]).exit_code == 2


def test_nothing_that_is_not_shown_is_written_and_no_number_of_ours(lively: Topic) -> None:
    written = "".join(files_of(lively).values())
    assert "13800000001" not in written
    assert SENTENCES[3] not in written
    numbers = Participant.objects.filter(topic=lively).values_list("number", flat=True)
    assert not any(str(number) in written for number in numbers)


def test_who_wrote_and_who_voted_are_numbered_apart(lively: Topic) -> None:
    files = files_of(lively)
    voters = {row["participant"] for row in rows(files["participants-votes.csv"])}
    authors = {row["author-id"] for row in rows(files["comments.csv"])}
    assert voters == {row["voter-id"] for row in rows(files["votes.csv"])} == {"0", "1", "2", "3"}
    assert authors == {"4", "5", "6"}
    assert {row["n-comments"] for row in rows(files["participants-votes.csv"])} == {"0"}


def test_all_votes_bear_the_day_of_the_opening_and_the_last_vote_comes_last() -> None:
    topic = make_open_topic(smallest_group=3)
    people = [cast(topic, {2: 1, 0: 1, 1: -1}, at=AT + timedelta(days=day)) for day in range(4)]
    cast(topic, {0: -1}, people[0], at=AT + timedelta(days=4))
    cast(topic, {0: 0}, people[0], at=AT + timedelta(days=5))
    ballots = rows(files_of(topic)["votes.csv"])
    midnight = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp()) * 1_000
    assert [int(row["timestamp"]) - midnight for row in ballots] == [0] * 12 + [1_000, 2_000]
    told = [(int(row["voter-id"]), int(row["comment-id"])) for row in ballots[:12]]
    assert told == sorted(told)
    assert [(row["comment-id"], row["vote"]) for row in ballots[12:]] == [("0", "-1"), ("0", "0")]
    assert ballots[12]["voter-id"] == ballots[13]["voter-id"]


def test_the_order_does_not_tell_who_came_when() -> None:
    topic = make_open_topic(smallest_group=3)
    for value in (1, -1, -1, -1):
        cast(topic, {0: value})
    first = {rows(files_of(topic, seed)["votes.csv"])[0]["vote"] for seed in range(16)}
    assert first == {"1", "-1"}


def test_one_who_votes_after_reopening_changes_no_file() -> None:
    topic = make_open_topic(smallest_group=3)
    people = [cast(topic, {0: 1, 1: value}) for value in (1, -1, 0)]
    before = files_of(topic)
    opened = topic_reopen(by=EVERYWHERE, topic=topic, closes_at=AT + timedelta(days=3), reason="还有人想说", at=AT)
    cast(opened, {0: -1, 1: -1})
    cast(opened, {0: -1}, people[0])
    assert files_of(opened) == before
    opened = topic_reopen(by=EVERYWHERE, topic=opened, closes_at=AT + timedelta(days=3), reason="还有人想说", at=AT)
    cast(opened, {2: 1})
    assert len(rows(files_of(opened)["participants-votes.csv"])) == 5


def test_a_topic_without_a_result_is_not_written() -> None:
    topic = make_open_topic(smallest_group=3)
    for _each in range(3):
        cast(topic, {0: 1})
    topic = topic_close(by=EVERYWHERE, topic=topic, reason="到期", at=AT)
    with pytest.raises(TooFewToExport):
        export_topic(topic, draw=Random(1))


def test_numbers_are_drawn_anew(lively: Topic) -> None:
    tables = {files_of(lively, seed)["votes.csv"] for seed in range(8)}
    assert len(tables) > 1


def test_a_topic_that_runs_or_had_few_voters_is_not_written(tmp_path: Path) -> None:
    topic = make_open_topic(smallest_group=3)
    for _each in range(2):
        cast(topic, {0: 1})
    with pytest.raises(TopicRunning):
        export_topic(topic, draw=Random(1))
    with pytest.raises(TooFewToExport, match="3 people"):
        files_of(topic)
    done = CliRunner().invoke(app, ["deliberation", "export", topic.code, str(tmp_path / "polis")])
    assert (done.exit_code, (tmp_path / "polis").exists()) == (2, False)


def test_groups_that_are_large_enough_are_written() -> None:
    topic = make_open_topic(sentences=LINES)
    make_camps(topic, [8, 8], statements=12)
    topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
    groups = [row["group-id"] for row in rows(files_of(topic)["participants-votes.csv"])]
    assert sorted(Counter(groups).values()) == [8, 8]


def test_a_group_that_is_too_small_counts_with_the_one_most_like_it() -> None:
    topic = make_open_topic(sentences=LINES)
    make_camps(topic, [9, 9, 4], statements=12)
    topic_analyse(by=EVERYWHERE, topic=topic, at=AT)
    made = export_topic(over(topic), draw=Random(1))
    groups = Counter(row["group-id"] for row in rows(made.files["participants-votes.csv"]))
    assert (sorted(groups.values()), made.groups) == ([9, 13], 2)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=4),
    least=st.integers(min_value=3, max_value=7),
    seed=st.integers(min_value=0, max_value=99),
)
def test_no_export_tells_of_a_group_that_is_too_small(small_topic, sizes, least: int, seed: int) -> None:
    """A group that is folded into another leaves the very files that are left if it had never been one."""
    topic, numbers = small_topic
    labels = [group for group, size in enumerate(sizes) for _each in range(size)]
    folded = fold(sizes, least)
    apart = export_with(topic, dict(zip(numbers, labels, strict=False)), folded, seed)
    merged = {group: group for group in folded.values()}
    together = {number: folded.get(group, group) for number, group in zip(numbers, labels, strict=False)}
    assert apart == export_with(topic, together, merged, seed)
    told = [row["group-id"] for row in rows(apart["participants-votes.csv"])]
    assert all(count >= least for group, count in Counter(told).items() if group)
    assert len(set(told) - {""}) == len(set(folded.values()))


def fold(sizes: Sequence[int], least: int) -> dict[int, int]:
    """Lay groups that are too small together with the next ones; nothing when fewer than two are left."""
    folded, names, size = {}, [0], 0
    for group, more in enumerate(sizes):
        folded[group], size = names[-1], size + more
        if size >= least:
            names.append(group + 1)
            size = 0
    last = names.pop()
    if names:  # what is left over goes with the group before it
        folded = {group: names[-1] if name == last else name for group, name in folded.items()}
    return folded if len(set(folded.values())) > 1 else {}


def export_with(topic: Topic, members: Mapping[int, int], folded: Mapping[int, int], seed: int) -> dict[str, str]:
    """Export a topic whose last analysis has these groups."""
    Analysis.objects.filter(topic=topic).delete()
    Analysis.objects.create(
        topic=topic,
        votes=1,
        participants=len(members),
        last_event=VoteEvent.objects.latest("pk").pk,
        shown={},
        members={str(number): group for number, group in members.items()},
        folded={str(group): name for group, name in folded.items()},
        at=AT,
    )
    return files_of(topic, seed)


@pytest.fixture
def small_topic() -> tuple[Topic, list[int]]:
    """Thirty-six voters, all in one topic."""
    topic = make_open_topic(sentences=LINES[:1])
    for _each in range(36):
        cast(topic, {0: 1})
    return topic, list(Participant.objects.filter(topic=topic).order_by("pk").values_list("number", flat=True))
