"""A project changes its stage only along the declared way; its needs come with it, the ledger hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.people import PersonFactory
from tests.factories.places import make_estate
from tests.factories.projects import AT, EVERYWHERE, ProjectFactory, make_need, make_project
from tests.factories.town import Town
from yiting.ledger.queries import list_entries
from yiting.ledger.services import ledger_verify
from yiting.needs.models import Need, ReturnReason, State
from yiting.needs.services import need_reply, need_return, needs_merge, support_add
from yiting.projects import services
from yiting.projects.errors import (
    ChangedMeanwhile,
    FinishedAlready,
    NeedElsewhere,
    NeedTaken,
    NoNeedGiven,
    ProjectMissing,
    ReasonMissing,
    StageNotPossible,
    TitleMissing,
)
from yiting.projects.models import Project, ProjectNeed, Stage
from yiting.projects.queries import get_project_for_need, get_why_none, list_people_who_asked
from yiting.projects.services import served_needs
from yiting.projects.stages import TRANSITIONS, change_stage

pytestmark = pytest.mark.django_db

STEPS = {
    "choose": (services.project_choose, Stage.CHOSEN, {}),
    "start": (services.project_start, Stage.BUILDING, {}),
    "deliver": (services.project_deliver, Stage.DELIVERED, {}),
    "drop": (services.project_drop, Stage.DROPPED, {"reason": "没有地方"}),
}


@pytest.mark.parametrize("current", Stage)
@pytest.mark.parametrize("target", Stage)
def test_only_declared_changes_are_possible(current: Stage, target: Stage) -> None:
    project = ProjectFactory.build(stage=current, place=None, place_path="/1/")
    if target in TRANSITIONS[current]:
        change_stage(project, target)
        assert project.stage == target
    else:
        with pytest.raises(StageNotPossible):
            change_stage(project, target)
        assert project.stage == current


@pytest.mark.parametrize("current", Stage)
@pytest.mark.parametrize("step", STEPS)
def test_every_illegal_step_is_refused_and_changes_nothing(current: Stage, step: str) -> None:
    project = ProjectFactory(stage=current)
    service, target, more = STEPS[step]
    if target in TRANSITIONS[current]:
        assert service(by=EVERYWHERE, project=project, at=AT, **more).stage == target
        return
    with pytest.raises(StageNotPossible):
        service(by=EVERYWHERE, project=project, at=AT, **more)
    assert Project.objects.get(pk=project.pk).stage == current
    assert not list_entries("projects.project", [project.pk])


def test_the_needs_come_with_their_project_and_the_ledger_tells_it() -> None:
    project = make_project(Stage.CANDIDATE)
    (need,) = served_needs(project)
    assert need.state == State.HEARD
    for step, state in (("choose", State.CHOSEN), ("start", State.DOING), ("deliver", State.JUDGING)):
        project = STEPS[step][0](by=EVERYWHERE, project=project, at=AT)
        assert served_needs(project)[0].state == state
    kinds = [entry.kind.removeprefix("projects.") for entry in list_entries("projects.project", [project.pk])]
    assert kinds == [
        "project.proposed",
        "need.added",
        "project.chosen",
        "project.started",
        "project.delivered",
    ]
    assert ledger_verify().ok


def test_who_benefits_is_drawn_from_the_place() -> None:
    project = make_project()
    assert (project.households, project.households_on_allowance) == (306, 36)
    assert (project.budget_fen, project.spent_fen) == (None, None)


def test_a_project_needs_a_need_and_a_title() -> None:
    place = make_estate()
    with pytest.raises(NoNeedGiven):
        services.project_open(by=EVERYWHERE, from_needs=[], title="亭", year=2024, place=place, at=AT)
    for title in (" ", "长" * 121):
        with pytest.raises(TitleMissing):
            services.project_open(
                by=EVERYWHERE, from_needs=[make_need(place)], title=title, year=2024, place=place, at=AT
            )
    assert not Project.objects.exists()


def test_a_need_has_one_project_and_is_of_its_place() -> None:
    project = make_project()
    with pytest.raises(NeedTaken):
        make_project(place=project.place, from_needs=served_needs(project))
    with pytest.raises(NeedElsewhere):
        make_project(place=project.place, from_needs=[make_need(make_estate())])
    assert Project.objects.count() == 1


def test_a_need_added_later_comes_to_stand_where_the_project_stands() -> None:
    project = make_project(Stage.BUILDING)
    further = make_need(project.place, title="要几条长凳")
    services.project_serve(by=EVERYWHERE, project=project, needs=[further], at=AT)
    assert {need.state for need in served_needs(project)} == {State.DOING}
    services.project_deliver(by=EVERYWHERE, project=project, at=AT)
    with pytest.raises(FinishedAlready):
        services.project_serve(by=EVERYWHERE, project=project, needs=[make_need(project.place)], at=AT)


def test_a_need_that_came_to_its_own_end_does_not_hold_the_project_up() -> None:
    project = make_project(Stage.CHOSEN, people=2)
    (need,) = served_needs(project)
    other = make_need(project.place, title="要几条长凳")
    services.project_serve(by=EVERYWHERE, project=project, needs=[other], at=AT)
    reason = ReturnReason.objects.create(code="money", name="今年没有钱", excluded=True)
    need_return(by=EVERYWHERE, need=other, reason=reason, note="明年再看", at=AT)
    need_reply(by=EVERYWHERE, need=need, text="在做了", final=True, at=AT)
    for step in ("start", "deliver"):
        project = STEPS[step][0](by=EVERYWHERE, project=project, at=AT)
    assert {n.pk: n.state for n in served_needs(project)} == {
        need.pk: State.JUDGING,
        other.pk: State.RETURNED,
    }


def test_giving_up_needs_a_reason_and_lets_the_needs_go() -> None:
    project = make_project(Stage.BUILDING)
    (need,) = served_needs(project)
    with pytest.raises(ReasonMissing):
        services.project_drop(by=EVERYWHERE, project=project, reason="  ", at=AT)
    services.project_drop(by=EVERYWHERE, project=project, reason="地下有管线", at=AT)
    need.refresh_from_db()
    assert need.state == State.SORTED
    assert get_project_for_need(need) is None
    why = get_why_none(need)
    assert why is not None
    assert why.reason == "地下有管线"
    # free again for another project
    assert make_project(place=project.place, from_needs=[need]).stage == Stage.CANDIDATE


def test_a_later_refusal_stands_before_an_earlier_one() -> None:
    need = make_need()
    assert get_why_none(need) is None
    services.need_decline(by=EVERYWHERE, need=need, year=2023, reason="没有钱", at=AT)
    services.need_decline(by=EVERYWHERE, need=need, year=2024, reason="没有地方", at=AT + timedelta(days=300))
    services.need_decline(by=EVERYWHERE, need=need, year=2024, reason="还是没有地方", at=AT + timedelta(days=301))
    why = get_why_none(need)
    assert why is not None
    assert (why.reason, why.year) == ("还是没有地方", 2024)


def test_work_taken_up_again_by_the_office_opens_the_needs_too() -> None:
    project = make_project(Stage.DELIVERED)
    services.project_start(by=EVERYWHERE, project=project, at=AT)
    (need,) = served_needs(project)
    assert (need.state, need.unsolved) == (State.DOING, True)


def test_the_walk_from_a_need_to_its_project_and_back_survives_a_merge(town: Town) -> None:
    need = make_need(town.estate, people=2)
    project = make_project(place=town.estate, from_needs=[need])
    bigger = make_need(town.estate, title="下雨没地方站", people=3)
    needs_merge(by=EVERYWHERE, keep=bigger, absorb=need, at=AT)
    for one in Need.objects.filter(pk__in=(need.pk, bigger.pk)):
        assert get_project_for_need(one) == project
    assert [one.pk for one in served_needs(project)] == [bigger.pk]
    assert len(list_people_who_asked(project)) == 5


def test_people_are_listed_by_when_they_first_asked(town: Town) -> None:
    need = make_need(town.estate, at=AT)
    late, early = PersonFactory(), PersonFactory()
    for person, days in ((late, 9), (early, 3), (early, 12)):
        support_add(by=EVERYWHERE, need=need, person=person, at=AT + timedelta(days=days))
    project = make_project(place=town.estate, from_needs=[need])
    assert [person.pk for person in list_people_who_asked(project)][1:] == [early.pk, late.pk]


def test_the_second_of_two_workers_is_told_and_overwrites_nothing(town: Town) -> None:
    project = make_project(place=town.estate)
    first, second = town.actor("worker", town.ours), town.actor("street", town.office)
    seen = project.version
    services.project_plan(by=first, project=project, budget_fen=12_000_000, seen=seen, at=AT)
    for change in (
        lambda: services.project_plan(by=second, project=project, budget_fen=1, seen=seen, at=AT),
        lambda: services.project_choose(by=second, project=project, seen=seen, at=AT),
        lambda: services.project_drop(by=second, project=project, reason="不做", seen=seen, at=AT),
    ):
        with pytest.raises(ChangedMeanwhile):
            change()
    stored = Project.objects.get(pk=project.pk)
    assert (stored.budget_fen, stored.stage) == (12_000_000, Stage.CANDIDATE)


def test_nobody_of_another_community_and_no_deputy_changes_a_project(town: Town) -> None:
    project = make_project(place=town.estate)
    need = make_need(town.estate, title="要几条长凳")
    changes = {
        "choose": lambda by: services.project_choose(by=by, project=project, at=AT),
        "drop": lambda by: services.project_drop(by=by, project=project, reason="不做", at=AT),
        "plan": lambda by: services.project_plan(by=by, project=project, purpose="改", at=AT),
        "serve": lambda by: services.project_serve(by=by, project=project, needs=[need], at=AT),
        "step": lambda by: services.milestone_set(by=by, project=project, title="开工", at=AT),
        "open": lambda by: make_project(by=by, place=town.estate, from_needs=[need]),
        "decline": lambda by: services.need_decline(by=by, need=need, year=2024, reason="没钱", at=AT),
    }
    for by in (town.actor("worker", town.theirs), town.actor("deputy", town.ours)):
        for name, change in changes.items():
            with pytest.raises(ProjectMissing):
                change(by)
            assert ProjectNeed.objects.count() == 1, name
    visit = services.visit_record(
        by=town.actor("deputy", town.ours), project=project, with_deputies=True, findings="没有遮阴", at=AT
    )
    assert visit.role_label == "deputy@天骄社区居委会"
    with pytest.raises(ProjectMissing):
        services.visit_record(by=town.actor("deputy", town.theirs), project=project, findings="看过", at=AT)
