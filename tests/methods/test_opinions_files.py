"""The files of Polis: read as published, written so that they read back, refused by row and column."""

from __future__ import annotations

import csv
import io
import pathlib

import pytest

from yiting.methods.opinions import (
    Ballot,
    OpinionsInvalid,
    Statement,
    Written,
    analyse,
    ballots_csv,
    comments_csv,
    comments_read,
    conversation_read,
    participants_csv,
    summary_csv,
    summary_read,
    votes_of,
)

PARTICIPANTS = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n7,,0,2,1,1,1,-1\n8,0,1,1,0,0,,0\n"
BALLOTS = "timestamp,datetime,comment-id,voter-id,vote\n1,x,0,7,-1\n2,x,1,7,-1\n3,x,0,7,1\n4,x,1,8,0\n"
COMMENTS = (
    "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body,is-meta,is-seed\n"
    '1,x,0,7,1,0,1,"First, a\nstatement",False,true\n2,x,1,7,0,1,-1,Second,t,0\n'
)


def test_both_files_of_votes_say_the_same() -> None:
    one, other = conversation_read(PARTICIPANTS), conversation_read(BALLOTS)
    assert one.participants == other.participants == ("7", "8")
    assert one.statements == other.statements == (Statement("0"), Statement("1"))
    assert one.values.tolist() == other.values.tolist() == [1, -1, 0]
    assert one.starts.tolist() == other.starts.tolist() == [0, 2, 3]


def test_comments_tell_of_statements() -> None:
    assert conversation_read("\ufeff"[1:] + BALLOTS, comments=COMMENTS).statements == (
        Statement("0", text="First, a\nstatement", is_seed=True),
        Statement("1", text="Second", is_meta=True, is_rejected=True),
    )
    assert comments_read("comment-id,comment-body\n5,Only this") == (Statement("5", text="Only this"),)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "row 1", "neither a column"),
        ("a,b\n1,2\n", "row 1", "neither a column"),
        ("voter-id,vote\n1,1\n", "row 1", 'no column "comment-id"'),
        ("voter-id,comment-id,vote\n1,1,2\n", "row 2, column vote", "'2' is no vote"),
        ("voter-id,comment-id,vote\n1,1,\n", "row 2, column vote", "'' is no vote"),
        ("voter-id,comment-id,vote\n,1,1\n", "row 2, column voter-id", "it is empty"),
        ("voter-id,comment-id,vote\n1,,1\n", "row 2, column comment-id", "it is empty"),
        ("voter-id,comment-id,vote\n1,1\n", "row 2", "it has 2 cells, the first row 3"),
        ("participant,0,0\n", "row 1", 'the column "0" twice'),
        ("participant,0\n1,yes\n", "row 2, column 0", "'yes' is no vote"),
        ("participant,0\n1,1\n\n1,0\n", "row 4, column participant", "1 stands already in row 2"),
        ("participant,0\n,1\n", "row 2, column participant", "it is empty"),
        ('participant,0\n"1,1\n', "the file", "it is no CSV"),
    ],
)
def test_bad_votes_are_refused_by_row_and_column(text: str, place: str, reason: str) -> None:
    with pytest.raises(OpinionsInvalid) as refused:
        conversation_read(text)
    assert refused.value.place == place
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("comment-id\n1\n", "row 1"),
        ("comment-id,comment-body\n1,a\n1,b\n", "row 3, column comment-id"),
        ("comment-id,comment-body\n,a\n", "row 2, column comment-id"),
        ("comment-id,comment-body,moderated\n1,a,2\n", "row 2, column moderated"),
        ("comment-id,comment-body,is-meta\n1,a,perhaps\n", "row 2, column is-meta"),
    ],
)
def test_bad_comments_are_refused_by_row_and_column(text: str, place: str) -> None:
    with pytest.raises(OpinionsInvalid) as refused:
        comments_read(text)
    assert refused.value.place == place


def test_what_is_written_reads_back() -> None:
    votes = conversation_read(PARTICIPANTS, comments=COMMENTS)
    pages = (
        participants_csv(votes, written={"7": 2}),
        ballots_csv([Ballot(5, "0", "7", -1), Ballot(6, "0", "7", 1), Ballot(7, "1", "7", -1), Ballot(8, "1", "8", 0)]),
    )
    comments = comments_csv(votes, written={"0": Written("7", 1542406176584)})
    for page in pages:
        again = conversation_read(page, comments=comments)
        assert (again.participants, again.statements) == (votes.participants, votes.statements)
        assert again.values.tolist() == votes.values.tolist()
    rows = list(csv.DictReader(io.StringIO(pages[0])))
    assert rows[0] == {
        "participant": "7",
        "group-id": "",
        "n-comments": "2",
        "n-votes": "2",
        "n-agree": "1",
        "n-disagree": "1",
        "0": "1",
        "1": "-1",
    }
    told = next(csv.DictReader(io.StringIO(comments)))
    assert (told["datetime"], told["agrees"], told["is-seed"]) == ("Fri Nov 16 22:09:36 UTC 2018", "1", "true")


def test_a_summary_reads_back_and_a_broken_one_is_refused() -> None:
    page = summary_csv(
        topic="E-bikes, where?", url="", description="a\nb", voters=3, commenters=2, comments=5, groups=0
    )
    told = summary_read(page)
    assert (told["topic"], told["voters-in-conv"], told["conversation-description"]) == ("E-bikes, where?", "3", "a\nb")
    with pytest.raises(OpinionsInvalid, match="row 1: it must have a key and a value"):
        summary_read("topic\n")


def test_groups_are_written_only_when_given() -> None:
    votes = votes_of((f"p{person}", f"s{at}", 1) for person in range(12) for at in range(7))
    membership = analyse(votes).membership
    assert ",0,0,7,7,0," in participants_csv(votes, membership=membership)
    assert ",,0,7,7,0," in participants_csv(votes)


@pytest.mark.parametrize("name", ["brexit-consensus", "scoop-hivemind.taxes"])
def test_published_conversations_read_alike_from_both_files(shared_data: pathlib.Path, name: str) -> None:
    place = shared_data / "polis" / name
    table = conversation_read((place / "participants-votes.csv").read_text("utf-8"))
    cast = conversation_read((place / "votes.csv").read_text("utf-8"))
    assert summary_read((place / "summary.csv").read_text("utf-8"))["voters"] == str(len(table.participants))
    known = {person: at for at, person in enumerate(table.participants)}
    assert set(cast.participants) <= known.keys()
    assert abs(cast.count - table.count) <= 0.01 * table.count
