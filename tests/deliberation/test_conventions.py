"""Conventions: versions by resolutions, articles that keep their numbers, and what differs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.activities import EVERYWHERE
from tests.factories.meetings import LATER, make_convention, make_resolution
from tests.factories.town import Town
from yiting.deliberation.differing import pieces
from yiting.deliberation.errors import (
    AmendedAlready,
    AmendmentUnfit,
    ConventionKnown,
    ConventionMissing,
    MeetingElsewhere,
    ResolutionMissing,
    WordsMissing,
)
from yiting.deliberation.models import Article, Convention, ConventionVersion
from yiting.deliberation.queries.conventions import (
    get_convention_page,
    get_difference,
    list_conventions,
    list_resolutions_for,
)
from yiting.deliberation.services import ArticleChange, convention_amend, convention_make
from yiting.ledger.services import ledger_verify
from yiting.people.actors import RESIDENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_resolution_changes_named_articles_and_the_older_text_stays(town: Town) -> None:
    convention = make_convention(town.estate, articles=["楼道不堆东西。", "夜里十点后安静。", "狗要拴绳。"])
    worker = town.actor("worker", town.ours)
    changes = [
        ArticleChange(number=1, heading="楼道", text="楼道不堆东西，也不停电动车。"),
        ArticleChange(number=2),
        ArticleChange(text="爱护亭子。"),
    ]
    second = convention_amend(
        by=worker, convention=convention, resolution=make_resolution(town.estate), changes=changes, at=LATER
    )
    third = convention_amend(
        by=worker,
        convention=convention,
        resolution=make_resolution(town.here),
        changes=[ArticleChange(number=4), ArticleChange(text="按时交费。")],
        in_force_on=date(2026, 9, 1),
        at=LATER,
    )
    numbers = [list(one.articles.order_by("number").values_list("number", flat=True)) for one in (second, third)]
    assert numbers == [[1, 3, 4], [1, 3, 5]]
    first = get_convention_page(convention.code, version=1, at=LATER)
    assert [one.text for one in first.articles] == ["楼道不堆东西。", "夜里十点后安静。", "狗要拴绳。"]
    page = get_convention_page(convention.code, at=LATER)
    assert (page.shown.number, page.is_in_force) == (2, True)
    ahead = get_convention_page(convention.code, version=3, at=LATER)
    assert (ahead.is_in_force, ahead.is_ahead) == (False, True)
    assert get_convention_page(convention.code, at=LATER + timedelta(days=60)).shown.number == 3
    assert ledger_verify().ok
    Article.objects.filter(version=second, number=1).update(text="换掉")
    assert not ledger_verify().ok


def test_what_cannot_be_amended_is_refused_and_nothing_is_written(town: Town) -> None:
    convention = make_convention(town.estate)
    resolution = make_resolution(town.estate)
    for changes in (
        [],
        [ArticleChange()],
        [ArticleChange(number=9, text="没有这条")],
        [ArticleChange(number=1, text="一"), ArticleChange(number=1, text="二")],
        [ArticleChange(number=1, text="楼道不堆东西。")],
        [ArticleChange(number=1), ArticleChange(number=2)],
    ):
        with pytest.raises(AmendmentUnfit):
            convention_amend(by=EVERYWHERE, convention=convention, resolution=resolution, changes=changes, at=LATER)
    with pytest.raises(WordsMissing):
        convention_amend(
            by=EVERYWHERE,
            convention=convention,
            resolution=resolution,
            changes=[ArticleChange(number=1, text=" ")],
            at=LATER,
        )
    change = [ArticleChange(number=1, text="改过")]
    elsewhere = make_resolution(town.there)
    with pytest.raises(MeetingElsewhere):
        convention_amend(by=EVERYWHERE, convention=convention, resolution=elsewhere, changes=change, at=LATER)
    for by in (RESIDENT, town.actor("worker", town.theirs), town.actor("deputy", town.ours)):
        with pytest.raises(ConventionMissing):
            convention_amend(by=by, convention=convention, resolution=resolution, changes=change, at=LATER)
        with pytest.raises(ResolutionMissing):
            convention_make(by=by, resolution=resolution, title="另一个", articles=change, at=LATER)
    with pytest.raises(ConventionMissing):
        convention_amend(by=EVERYWHERE, convention=Convention(pk=0), resolution=resolution, changes=change, at=LATER)
    with pytest.raises(ConventionKnown):
        convention_make(
            by=EVERYWHERE, resolution=resolution, title="居民公约", articles=[ArticleChange(text="一")], at=LATER
        )
    with pytest.raises(AmendmentUnfit):
        convention_make(by=EVERYWHERE, resolution=resolution, title="另一个", articles=[], at=LATER)
    assert ConventionVersion.objects.count() == 1
    convention_amend(by=EVERYWHERE, convention=convention, resolution=resolution, changes=change, at=LATER)
    with pytest.raises(AmendedAlready):
        convention_amend(by=EVERYWHERE, convention=convention, resolution=resolution, changes=change, at=LATER)


def test_the_difference_names_what_came_and_what_went(town: Town) -> None:
    convention = make_convention(town.estate)
    convention_amend(
        by=EVERYWHERE,
        convention=convention,
        resolution=make_resolution(town.estate),
        changes=[ArticleChange(number=1, text="楼道不停车。"), ArticleChange(number=2), ArticleChange(text="新的。")],
        at=LATER,
    )
    found = get_difference(convention.code, old=1, new=2)
    assert [(one.number, one.kind) for one in found.articles] == [(1, "changed"), (2, "removed"), (3, "added")]
    assert found.changed == 3
    assert ("gone", "堆东西") in [(piece.kind, piece.text) for piece in found.articles[0].pieces]
    assert get_difference(convention.code, old=2, new=2).changed == 0
    for old, new in ((0, 1), (1, 9)):
        with pytest.raises(ConventionMissing):
            get_difference(convention.code, old=old, new=new)
    with pytest.raises(ConventionMissing):
        get_convention_page(convention.code, version=9, at=LATER)


@given(old=st.text(max_size=60), new=st.text(max_size=60))
def test_either_text_comes_out_of_the_pieces_again(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != "new") == old
    assert "".join(piece.text for piece in found if piece.kind != "gone") == new


def test_a_resolution_that_was_used_is_not_offered_again(town: Town) -> None:
    convention = make_convention(town.estate)
    near, around = make_resolution(town.estate), make_resolution(town.here)
    make_resolution(town.there)
    assert set(list_resolutions_for(convention)) == {near, around}


@pytest.mark.parametrize("number", [3, 30])
def test_reads_cost_a_fixed_number_of_queries(town: Town, number: int, django_assert_num_queries) -> None:
    convention = make_convention(town.estate, articles=[f"第{n}条" for n in range(number)])
    with django_assert_num_queries(5):
        assert len(get_convention_page(convention.code, at=LATER).articles) == number
    with django_assert_num_queries(4):
        get_difference(convention.code, old=1, new=1)
    with django_assert_num_queries(1):
        list_conventions()
