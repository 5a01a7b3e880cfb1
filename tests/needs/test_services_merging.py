"""Merging loses nothing, can be undone, and counts people, not messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.people import PersonFactory
from tests.factories.places import make_community, make_estate
from yiting.needs.errors import (
    AlreadyAnswered,
    ChangedMeanwhile,
    MergeWithItself,
    NeedAlreadyMerged,
    NeedsInDifferentPlaces,
    NotMerged,
    NotYours,
    SplitTakesAll,
)
from yiting.needs.models import Need, ServiceRequest, Suggestion, Support
from yiting.needs.services import (
    Draft,
    merge_undo,
    need_split,
    needs_merge,
    request_file,
    suggestion_answer,
    support_add,
    support_withdraw,
)
from yiting.people.actors import RESIDENT, system_actor

AT = datetime(2024, 3, 1, 2, tzinfo=UTC)
STAFF = system_actor("test")


def said(place, person, words="楼道灯坏了", **more) -> ServiceRequest:
    return request_file(by=RESIDENT, draft=Draft(place=place, person=person, text=words, **more), at=AT)


def voices(need: Need) -> set[int]:
    asked = ServiceRequest.objects.filter(need__root=need).values_list("person", flat=True)
    joined = Support.objects.filter(need__root=need, withdrawn_at__isnull=True).values_list("person", flat=True)
    return {*asked, *joined}


class AnyOrderTest(TestCase):
    """Any order of merging gives the same voices and the same counts."""

    @settings(max_examples=12)
    @given(st.permutations(range(4)), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=8))
    def test_any_order_gives_the_same_supporters(self, order, joins) -> None:
        place = make_estate()
        people = [PersonFactory() for _ in range(5)]
        needs = [said(place, people[i % 5]).need for i in range(4)]
        for need, person in joins:
            support_add(by=RESIDENT, need=needs[need], person=people[person], at=AT)
        expected = {people[i].pk for i in range(4)} | {people[person].pk for _need, person in joins}
        kept = needs[order[0]]
        for other in order[1:]:
            kept = needs_merge(by=STAFF, keep=kept, absorb=needs[other], at=AT)
        assert voices(kept) == expected
        assert kept.people_count == len(expected)
        assert kept.request_count == 4
        for other in order[1:]:
            merge_undo(by=STAFF, absorbed=Need.objects.get(pk=needs[other].pk), at=AT)
        for i, need in enumerate(needs):
            own = {people[i].pk} | {people[person].pk for joined, person in joins if joined == i}
            assert voices(Need.objects.get(pk=need.pk)) == own


@pytest.mark.django_db
def test_the_same_caller_forty_times_is_one_voice() -> None:
    place, caller = make_estate(), PersonFactory()
    needs = [said(place, caller, f"水泵夜里响，第{i}次说").need for i in range(40)]
    kept = needs[0]
    for need in needs[1:]:
        kept = needs_merge(by=STAFF, keep=kept, absorb=need, at=AT)
    assert (kept.people_count, kept.household_count, kept.request_count) == (1, 1, 40)


@pytest.mark.django_db
def test_a_merge_of_merges_is_undone_one_by_one() -> None:
    place = make_estate()
    first, second, third = (said(place, PersonFactory()).need for _ in range(3))
    needs_merge(by=STAFF, keep=second, absorb=third, at=AT)
    kept = needs_merge(by=STAFF, keep=first, absorb=Need.objects.get(pk=second.pk), at=AT)
    assert kept.people_count == 3
    apart = merge_undo(by=STAFF, absorbed=Need.objects.get(pk=second.pk), at=AT)
    assert (apart.people_count, Need.objects.get(pk=first.pk).people_count) == (2, 1)
    assert Need.objects.get(pk=third.pk).root_id == second.pk


@pytest.mark.django_db
def test_what_staff_told_apart_is_not_suggested_again() -> None:
    place = make_estate()
    first, second = (said(place, PersonFactory()).need for _ in range(2))
    needs_merge(by=STAFF, keep=first, absorb=second, at=AT)
    merge_undo(by=STAFF, absorbed=Need.objects.get(pk=second.pk), at=AT)
    told = Suggestion.objects.filter(kind="merge", answer="refused")
    assert {(s.need_id, s.target_id) for s in told} == {(first.pk, second.pk), (second.pk, first.pk)}


@pytest.mark.django_db
def test_refusals_of_a_merge() -> None:
    here, there = make_community(), make_community()
    first, second = said(here, PersonFactory()).need, said(here, PersonFactory()).need
    elsewhere = said(there, PersonFactory()).need
    with pytest.raises(MergeWithItself):
        needs_merge(by=STAFF, keep=first, absorb=first, at=AT)
    with pytest.raises(NeedsInDifferentPlaces):
        needs_merge(by=STAFF, keep=first, absorb=elsewhere, at=AT)
    with pytest.raises(NotYours):
        needs_merge(by=RESIDENT, keep=first, absorb=second, at=AT)
    with pytest.raises(NotMerged):
        merge_undo(by=STAFF, absorbed=first, at=AT)
    with pytest.raises(ChangedMeanwhile):
        needs_merge(by=STAFF, keep=first, absorb=second, seen=second.version + 1, at=AT)
    needs_merge(by=STAFF, keep=first, absorb=second, at=AT)
    with pytest.raises(NeedAlreadyMerged):
        needs_merge(by=STAFF, keep=elsewhere, absorb=Need.objects.get(pk=second.pk), at=AT)


@pytest.mark.django_db
def test_a_split_takes_the_chosen_requests_and_loses_none() -> None:
    place = make_estate()
    requests = [said(place, PersonFactory(), f"第{i}句话，说的是灯") for i in range(4)]
    kept = requests[0].need
    for request in requests[1:]:
        kept = needs_merge(by=STAFF, keep=kept, absorb=request.need, at=AT)
    apart = need_split(by=STAFF, need=kept, requests=requests[2:], title="另一件事", at=AT + timedelta(hours=1))
    kept.refresh_from_db()
    assert (kept.people_count, apart.people_count) == (2, 2)
    assert apart.title == "另一件事"
    with pytest.raises(SplitTakesAll):
        need_split(by=STAFF, need=apart, requests=requests[2:], title="", at=AT)
    together = needs_merge(by=STAFF, keep=kept, absorb=apart, at=AT)
    assert together.people_count == 4


@pytest.mark.django_db
def test_a_support_counts_once_and_can_be_taken_back() -> None:
    need, person = said(make_estate(), PersonFactory()).need, PersonFactory()
    for _ in range(3):
        support_add(by=RESIDENT, need=need, person=person, at=AT)
    need.refresh_from_db()
    assert need.people_count == 2
    support_withdraw(by=RESIDENT, need=need, person=person, at=AT)
    need.refresh_from_db()
    assert need.people_count == 1


@pytest.mark.django_db
def test_accepting_a_suggestion_merges_and_the_second_answer_is_told() -> None:
    place = make_estate()
    old, new = said(place, PersonFactory()).need, said(place, PersonFactory()).need
    suggestion = Suggestion.objects.filter(need=new, target=old).first() or Suggestion.objects.create(
        need=new, kind="merge", target=old, score=1, at=AT
    )
    kept = suggestion_answer(by=STAFF, suggestion=suggestion, accept=True, at=AT)
    assert kept.pk == old.pk
    with pytest.raises(AlreadyAnswered):
        suggestion_answer(by=STAFF, suggestion=suggestion, accept=False, at=AT)
