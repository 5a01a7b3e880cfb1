"""Opinion groups: parity with red-dwarf, an independent reader of the same method, and what each part promises."""

from __future__ import annotations

import pathlib
import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest

from yiting.methods.opinions import (
    Analysis,
    Opinion,
    OpinionsInvalid,
    Statement,
    Tally,
    Votes,
    analyse,
    analysis_update,
    conversation_read,
    groups_confidence,
    next_statement,
    picture_of,
    picture_svg,
    priorities,
    published,
    routing_weights,
    statements_replaced,
    vote_added,
    votes_of,
    votes_of_arrays,
    votes_of_table,
)
from yiting.methods.opinions.nearest import groups_nearest, silhouettes
from yiting.methods.opinions.plane import plane_of

SMALL = ("15-per-hour-seattle", "brexit-consensus", "scoop-hivemind.affordable-housing", "scoop-hivemind.taxes")


@cache
def conversation(folder: pathlib.Path, name: str) -> Votes:
    place = folder / "polis" / name
    return conversation_read(
        (place / "participants-votes.csv").read_text("utf-8"), comments=(place / "comments.csv").read_text("utf-8")
    )


@cache
def red_dwarf(votes: Votes) -> Any:
    """What red-dwarf finds; statements and participants are called by where they stand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.implementations.base import run_pipeline  # noqa: PLC0415 -- it warns while it is imported

        return run_pipeline(
            votes=[
                {"participant_id": row, "statement_id": column, "vote": value}
                for row, column, value in zip(
                    votes.rows.tolist(), votes.columns.tolist(), votes.values.tolist(), strict=True
                )
            ],
            mod_out_statement_ids=[at for at, one in enumerate(votes.statements) if not one.is_counted],
            random_state=0,
        )


def camps(people: int = 40, statements: int = 12, *, number: int = 2, loyalty: float = 0.9, seed: int = 1) -> Votes:
    """People in camps: camp c agrees with the statements whose number has the bit c, and all with the first."""
    chance = np.random.default_rng(seed)
    leanings = np.array([[1 if (at >> camp) % 2 else -1 for at in range(statements)] for camp in range(number)])
    leanings[:, 0] = 1
    return votes_of(
        (f"p{person}", f"s{at}", int(leanings[person % number, at] * (1 if chance.random() < loyalty else -1)))
        for person in range(people)
        for at in range(statements)
    )


@pytest.mark.parametrize("name", SMALL)
def test_polis_groups_are_those_of_red_dwarf(shared_data: pathlib.Path, name: str) -> None:
    votes = conversation(shared_data, name)
    theirs = red_dwarf(votes).participants_df["cluster_id"].dropna()
    found = analyse(votes, method="polis")
    pairs = {(found.membership[votes.participants[row]], int(group)) for row, group in theirs.items()}
    assert len(theirs) == len(found.membership)
    assert len(pairs) == len(found.groups) == theirs.nunique()


@pytest.mark.parametrize("name", SMALL[:2])
def test_the_tests_of_statements_are_those_of_red_dwarf(shared_data: pathlib.Path, name: str) -> None:
    votes = conversation(shared_data, name)
    theirs = red_dwarf(votes)
    found = analyse(votes, method="polis")
    known = theirs.participants_df["cluster_id"].dropna()
    for group in found.groups:
        peer = int(known[votes.participants.index(group.members[0])])
        assert group.representative
        for one in group.representative:
            row = theirs.group_comment_stats.loc[(peer, votes.column_of(one.statement_id))]
            names = ("na", "pa", "ra", "pat", "rat") if one.agree else ("nd", "pd", "rd", "pdt", "rdt")
            ours = (one.alike, one.probability, one.relative, one.probability_z, one.z)
            assert ours == pytest.approx([float(row[name]) for name in names])
        chosen = {votes.column_of(one.statement_id) for one in group.representative}
        assert chosen == {int(one["tid"]) for one in theirs.repness[peer]}
    together = theirs.group_aware_consensus["agree"]
    for at, opinion in enumerate(found.opinions):
        assert opinion.consensus == pytest.approx(together[at])


@pytest.mark.parametrize("name", SMALL[:2])
def test_priorities_are_those_of_red_dwarf(shared_data: pathlib.Path, name: str) -> None:
    votes = conversation(shared_data, name)
    # red-dwarf counts the votes of those in a group only, so everybody else leaves
    often = np.flatnonzero(np.diff(votes.starts) >= 7)
    kept = np.isin(votes.rows, often)
    votes = votes_of_arrays(
        votes.participants, votes.statements, votes.rows[kept], votes.columns[kept], votes.values[kept]
    )
    theirs = red_dwarf(votes).statements_df["priority"]
    ours = priorities(votes, analysis=analyse(votes, method="polis"))
    counted = [column for column in theirs.index if votes.statements[column].is_counted]
    assert len(counted) > 20
    assert ours[counted] == pytest.approx(theirs[counted].to_numpy(dtype=float), rel=1e-6)


def test_default_groups_foretell_better_than_those_of_polis(shared_data: pathlib.Path) -> None:
    gains = [gain(plain(conversation(shared_data, name))) for name in SMALL]
    assert np.mean(gains) > 0
    assert sum(one > 0 for one in gains) > len(gains) / 2


def plain(votes: Votes) -> Votes:
    """Take no statement for moderated."""
    return statements_replaced(votes, [Statement(one.id) for one in votes.statements])


def gain(votes: Votes) -> float:
    """How much better votes that were hidden are foretold, in nats a vote."""
    hidden = np.random.default_rng(7).random(votes.count) < 0.1
    shown = votes_of_arrays(
        votes.participants, votes.statements, votes.rows[~hidden], votes.columns[~hidden], votes.values[~hidden]
    )

    def loss(found: Analysis) -> float:
        number, width = len(found.groups), len(votes.statements)
        labels = np.array([found.membership.get(person, number) for person in votes.participants])
        counts = np.ones((number + 1, width, 3))
        np.add.at(counts, (labels[shown.rows], shown.columns, shown.values + 1), 1)
        chances = counts / counts.sum(axis=2, keepdims=True)
        rows, columns, values = votes.rows[hidden], votes.columns[hidden], votes.values[hidden]
        return -float(np.log(chances[labels[rows], columns, values + 1]).mean())

    return loss(analyse(shown, method="polis")) - loss(analyse(shown))


def test_a_silhouette_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import silhouette_score  # noqa: PLC0415 -- a second opinion, slow to import

    chance = np.random.default_rng(3)
    places = np.concatenate([chance.normal(0, 1, (200, 2)), chance.normal(3, 1, (100, 2))])
    places = np.concatenate([places, places[:50]])
    labels = np.digitize(places[:, 0], (0.5, 2.5))
    assert silhouettes(places, [labels])[0] == pytest.approx(silhouette_score(places, labels))
    many = np.concatenate([chance.normal(0, 1, (4000, 2)), chance.normal(6, 1, (2000, 2))])
    halves = np.digitize(many.sum(axis=1), (6.0,))
    assert silhouettes(many, [halves])[0] == pytest.approx(silhouette_score(many, halves), abs=0.01)


def test_an_empty_mean_takes_the_farthest_place() -> None:
    # both means start on the left; the one that loses everybody is sent to the far right
    places = np.array([[0.0, 0.0], [0.0, 1e-9], [10.0, 0.0], [10.0, 0.1], [10.0, 0.2]])
    assert groups_nearest(places, (2,)).tolist() in ([0, 0, 1, 1, 1], [1, 1, 0, 0, 0])
    assert groups_nearest(places[:1], (2, 3)).tolist() == [0]


def test_two_camps_are_found_and_what_they_share() -> None:
    found = analyse(camps())
    assert found.reason == ""
    assert sorted(group.size for group in found.groups) == [20, 20]
    assert {int(name[1:]) % 2 for name in found.groups[0].members} == {0}
    assert {one.statement_id for one in found.consensus if one.agree} == {"s0", "s3", "s7", "s11"}
    assert {one.statement_id for one in found.consensus if not one.agree} == {"s4", "s8"}
    assert set(found.divisive) == {"s1", "s2", "s5", "s6", "s9", "s10"}
    assert set(found.bridging) == {"s0", "s3", "s7", "s11"}
    opinion = next(one for one in found.opinions if one.statement_id == "s1")
    assert opinion.divisiveness > 0.5 > opinion.bridging


@pytest.mark.parametrize("seed", range(5))
def test_votes_by_lot_are_one_group(seed: int) -> None:
    chance = np.random.default_rng(seed)
    table = chance.choice((-1, 0, 1), (80, 20), p=(0.3, 0.1, 0.6))
    votes = votes_of_table([f"p{at}" for at in range(80)], [Statement(f"s{at}") for at in range(20)], table)
    found = analyse(votes)
    assert (found.reason, len(found.groups), found.groups[0].size) == ("one-group", 1, 80)
    assert (found.divisive, found.bridging) == ((), ())
    assert found.groups[0].representative


def test_those_who_agree_with_everything_are_flagged_and_form_no_group() -> None:
    votes = camps(60)
    for person in range(25):
        for at in range(12):
            votes = vote_added(votes, participant=f"yes{person}", statement=f"s{at}", vote=1)
    found = analyse(votes)
    assert set(found.uniform) >= {f"yes{person}" for person in range(25)}
    assert len(found.groups) == 2
    for group in found.groups:
        assert sum(not name.startswith("yes") for name in group.members) >= 28


@pytest.mark.parametrize("method", ["stable", "polis"])
def test_too_little_is_refused_with_the_reason(method: Any) -> None:
    assert analyse(votes_of([]), method=method).reason == "too-few-people"
    alone = analyse(votes_of(("p", f"s{at}", 1) for at in range(9)), method=method)
    assert (alone.reason, alone.groups, alone.ungrouped) == ("too-few-people", (), ("p",))
    assert alone.opinions[0] == Opinion("s0", True, 1, 0, 0, (), 0.0, 0.0, 0.0, 0.0)
    seldom = votes_of((f"p{person}", f"s{(person + at) % 20}", 1) for person in range(30) for at in range(3))
    assert analyse(seldom, method=method).reason == "too-few-votes"
    alike = votes_of((f"p{person}", f"s{at}", 1) for person in range(30) for at in range(9))
    found = analyse(alike, method=method)
    assert (found.reason, [group.size for group in found.groups]) == (
        "all-alike" if method == "stable" else "one-group",
        [30],
    )
    assert len(found.consensus) == 9
    assert analysis_update(alike, found).groups == found.groups


def test_bad_input_is_refused_by_place() -> None:
    votes = camps()
    with pytest.raises(OpinionsInvalid, match="vote 1: 2 is no vote"):
        votes_of([("p", "s", 2)])
    with pytest.raises(OpinionsInvalid, match="participant p: it stands there twice"):
        votes_of([], participants=("p", "p"))
    with pytest.raises(OpinionsInvalid, match="statement s: it stands there twice"):
        votes_of_table([], [Statement("s"), Statement("s")], np.empty((0, 2)))
    with pytest.raises(OpinionsInvalid, match=r"participant p, statement s: .*is no vote"):
        votes_of_table(["p"], [Statement("s")], [[0.5]])
    with pytest.raises(OpinionsInvalid, match="the table: it is"):
        votes_of_table(["p"], [Statement("s")], [[1, 1]])
    with pytest.raises(OpinionsInvalid, match="is no vote"):
        vote_added(votes, participant="p", statement="s", vote=3)
    with pytest.raises(OpinionsInvalid, match="method: it must be stable or polis"):
        analyse(votes, method="best")  # type: ignore[arg-type]
    with pytest.raises(OpinionsInvalid, match="groups: it must be a number from 1 to 20"):
        analyse(votes, groups=0)
    with pytest.raises(OpinionsInvalid, match="samples"):
        groups_confidence(votes, analyse(votes), samples=0)
    with pytest.raises(OpinionsInvalid, match="least"):
        published(analyse(votes), least=0)
    with pytest.raises(OpinionsInvalid, match="chance"):
        next_statement(votes, "p1", chance=1.0)


def test_the_last_vote_of_a_cell_counts_and_order_is_by_number() -> None:
    votes = votes_of([("10", "2", 1), ("9", "10", 0), ("10", "2", -1), ("a", "2", 1)])
    assert votes.participants == ("9", "10", "a")
    assert [statement.id for statement in votes.statements] == ["2", "10"]
    assert (votes.count, votes.values.tolist(), votes.columns.tolist()) == (3, [0, -1, 1], [1, 0, 0])
    assert (votes.row_of("b"), votes.column_of("3")) == (None, None)


def test_meta_and_rejected_statements_form_no_groups() -> None:
    plain = camps()
    told = statements_replaced(
        plain, [Statement("s1", is_rejected=True), Statement("s2", is_meta=True), Statement("new", text="?")]
    )
    assert "new" in {one.id for one in told.statements}
    found = analyse(told)
    named = {one.statement_id for group in found.groups for one in group.representative}
    named |= {one.statement_id for one in found.consensus} | {*found.divisive, *found.bridging}
    assert not named & {"s1", "s2"}
    assert "s1" not in routing_weights(told, "nobody")
    assert routing_weights(told, "nobody")["s2"] == 49
    assert routing_weights(told, "nobody", analysis=analyse(plain))["new"] > 0


def test_groups_can_be_fixed_in_number() -> None:
    votes = camps(60, number=3)
    assert len(analyse(votes, groups=1).groups) == 1
    assert len(analyse(votes, groups=3).groups) == 3
    assert len(analyse(votes, method="polis", groups=3).groups) == 3


def test_an_update_keeps_numbers_and_takes_in_newcomers() -> None:
    votes = camps(80)
    before = analyse(votes, earlier={f"p{at}": 7 + at % 2 for at in range(80)})
    assert [group.id for group in before.groups] == [7, 8]
    for at in range(12):
        votes = vote_added(votes, participant="new", statement=f"s{at}", vote=1 if at in (0, 1, 3, 5, 7, 9, 11) else -1)
    after = analysis_update(votes, before)
    assert after.membership == before.membership | {"new": 7}
    more = analysis_update(vote_added(votes, participant="new", statement="fresh", vote=1), after)
    assert more.membership == after.membership


def test_what_divides_into_new_groups_gets_new_numbers() -> None:
    found = analyse(camps(60, number=3), groups=3, earlier={f"p{at}": 4 for at in range(0, 60, 3)})
    assert sorted(group.id for group in found.groups) == [4, 5, 6]
    assert found.membership["p0"] == 4


def test_confidence_tells_groups_from_accidents() -> None:
    votes = camps(60)
    assert min(groups_confidence(votes, analyse(votes), samples=5)) > 0.9
    chance = np.random.default_rng(0)
    table = chance.choice((-1, 1), (60, 12))
    by_lot = votes_of_table([f"p{at}" for at in range(60)], [Statement(f"s{at}") for at in range(12)], table)
    polis = analyse(by_lot, method="polis")
    assert np.mean(groups_confidence(by_lot, polis, samples=5)) < 0.8
    assert groups_confidence(votes_of([]), analyse(votes_of([]))) == ()


def test_the_plane_of_few_statements_has_what_axes_there_are() -> None:
    line = votes_of((f"p{at}", "s", 1 if at % 2 else -1) for at in range(12))
    plane = plane_of(line)
    assert plane.axes.tolist() == [[1.0], [0.0]]
    assert not plane_of(votes_of((f"p{at}", "s", 1) for at in range(12))).places.any()


def test_small_groups_are_folded_and_few_are_not_shown() -> None:
    found = analyse(camps(60, number=3), groups=3)
    assert sorted(group.size for group in published(found, least=19).groups) == [19, 20, 21]
    assert len(published(found, least=20).groups) == 2
    folded = published(found, least=22)
    assert (folded.reason, [group.size for group in folded.groups]) == ("one-group", [60])
    assert published(found, least=61).reason == "too-few-to-show"
    few = analyse(votes_of((f"p{person}", f"s{at}", 1) for person in range(6) for at in range(9)))
    assert published(few, least=7).reason == "too-few-to-show"
    told = published(few, least=6)
    assert (told.reason, told.groups, told.opinions[0].agrees) == ("too-few-people", (), 6)


def test_the_picture_has_a_circle_a_group_and_nobody_alone() -> None:
    shown = published(analyse(camps(60, number=3), groups=3), least=5)
    picture = picture_of(shown)
    assert sorted(circle.size for circle in picture.circles) == [19, 20, 21]
    for at, circle in enumerate(picture.circles):
        assert circle.radius <= circle.x <= picture.width - circle.radius
        for other in picture.circles[at + 1 :]:
            assert np.hypot(circle.x - other.x, circle.y - other.y) >= circle.radius + other.radius
    drawn = picture_svg(picture, title="<Groups>", names={0: "A & B"})
    assert "&lt;Groups&gt;" in drawn
    assert "A &amp; B" in drawn
    assert drawn.count("<circle") == 3
    assert picture_of(published(analyse(votes_of([])), least=1)).circles == ()


def test_a_new_statement_comes_more_often_than_one_that_many_know() -> None:
    votes = statements_replaced(camps(), [Statement("fresh")])
    weights = routing_weights(votes, "stranger")
    assert weights["fresh"] > 5 * max(weight for name, weight in weights.items() if name != "fresh")
    assert next_statement(votes, "p1", chance=0.5) == "fresh"
    drawn = {next_statement(votes, "stranger", chance=at / 400) for at in range(400)}
    assert drawn <= set(weights)
    assert len(drawn) > 8
    assert Tally(1, 2, 3).votes == 6
