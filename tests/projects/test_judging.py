"""Residents decide what is solved: once a household, changeable, silence apart, 'not' heard one level up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.people import HouseholdFactory, PersonFactory
from tests.factories.places import make_building, make_estate
from tests.factories.projects import (
    AT,
    EVERYWHERE,
    EvaluationFactory,
    ProjectFactory,
    askers,
    make_need,
    make_project,
)
from tests.factories.town import Town
from yiting.needs.errors import JudgedWithProject
from yiting.needs.models import ReturnReason, State
from yiting.needs.queries.verdicts import get_judging as need_judging
from yiting.needs.services import judgement_give, looks_ask, need_return, needs_reopen, quiet_close, support_add
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT
from yiting.projects.errors import NotFinishedYet, NotFromHere, VerdictMissing
from yiting.projects.models import Evaluation, Project, ProjectLook, Stage
from yiting.projects.policies import is_taken_up_again
from yiting.projects.queries.asked import asked_units
from yiting.projects.queries.board import list_cards
from yiting.projects.queries.judging import get_judging, share_words
from yiting.projects.services import (
    evaluation_give,
    project_deliver,
    project_looks_ask,
    project_serve,
    project_start,
    projects_close,
    served_needs,
)
from yiting.projects.tasks import daily, project_round

pytestmark = pytest.mark.django_db


def give(project: Project, person, verdict: str = "solved", **more) -> Evaluation:
    return evaluation_give(by=RESIDENT, project=project, person=person, verdict=verdict, **({"at": AT} | more))


def judging_of(project: Project):
    project = Project.objects.select_related("place").get(pk=project.pk)
    return get_judging(project, asked_units(project))


def test_one_who_asked_judges_once_and_may_change_it() -> None:
    project = make_project(Stage.DELIVERED)
    (person,) = askers(project)
    give(project, person, "partly", word="晚上没灯")
    give(project, person, "solved", word="装灯了")
    (stored,) = Evaluation.objects.all()
    assert (stored.verdict, stored.word, stored.basis) == ("solved", "装灯了", "asked")


def test_one_household_is_one_judgement() -> None:
    project = make_project(Stage.DELIVERED)
    home = HouseholdFactory(place=make_building("3号楼", project.place))
    first, second = PersonFactory(household=home), PersonFactory(household=home)
    give(project, first, "solved")
    give(project, second, "not")
    assert [one.verdict for one in Evaluation.objects.all()] == ["not"]


def test_strangers_are_told_who_judges() -> None:
    project = make_project(Stage.DELIVERED)
    with pytest.raises(NotFromHere):
        give(project, PersonFactory())
    with pytest.raises(NotFromHere):
        give(project, PersonFactory(), home=make_building())
    lives_there = give(project, PersonFactory(), home=make_building("2号楼", project.place))
    assert lives_there.basis == "lives"


@pytest.mark.parametrize("stage", [Stage.CANDIDATE, Stage.CHOSEN, Stage.BUILDING])
def test_nothing_is_judged_before_it_is_finished(stage: Stage) -> None:
    project = make_project(stage)
    with pytest.raises(NotFinishedYet):
        give(project, askers(project)[0])


@pytest.mark.parametrize("verdict", ["", "great", "SOLVED", "not "])
def test_a_verdict_is_one_of_three(verdict: str) -> None:
    project = make_project(Stage.DELIVERED)
    with pytest.raises(VerdictMissing):
        give(project, askers(project)[0], verdict)


def test_not_is_told_to_the_lead_and_one_level_up(town: Town) -> None:
    worker, street, elsewhere = (
        town.member("worker", town.ours),
        town.member("street", town.office),
        town.member("worker", town.theirs),
    )
    project = make_project(Stage.DELIVERED, place=town.estate, lead=town.ours)
    give(project, askers(project)[0], "not")
    told = set(Notice.objects.filter(subject__contains=project.title).values_list("account", flat=True))
    assert {worker.pk, street.pk} <= told
    assert elsewhere.pk not in told
    assert Project.objects.get(pk=project.pk).stage == Stage.DELIVERED


def test_without_a_lead_the_community_and_the_street_are_told(town: Town) -> None:
    worker, street = town.member("worker", town.ours), town.member("street", town.office)
    project = make_project(Stage.DELIVERED, place=town.estate)
    give(project, askers(project)[0], "not")
    assert set(Notice.objects.values_list("account", flat=True)) >= {worker.pk, street.pk}


@pytest.mark.parametrize(
    ("unsolved", "judged", "again"),
    [(2, 2, False), (3, 9, True), (3, 10, False), (4, 12, True), (0, 0, False)],
)
def test_the_published_rule_of_taking_it_up_again(unsolved: int, judged: int, again: bool) -> None:
    assert is_taken_up_again(unsolved=unsolved, judged=judged) is again


def test_enough_who_say_not_take_it_up_again_once_and_its_needs_with_it() -> None:
    project = make_project(Stage.DELIVERED, people=6)
    people = askers(project)
    for person in people[:3]:
        give(project, person, "solved")
    for person in people[3:5]:
        give(project, person, "not")
    assert Project.objects.get(pk=project.pk).stage == Stage.DELIVERED
    give(project, people[5], "not")
    again = Project.objects.get(pk=project.pk)
    assert again.stage == Stage.BUILDING
    (need,) = served_needs(again)
    assert (need.state, need.unsolved) == (State.DOING, True)
    # whoever judged may still change it, others wait until it is finished again
    give(project, people[5], "partly")
    with pytest.raises(NotFinishedYet):
        give(project, PersonFactory(), home=project.place)
    assert list_cards([again])[0].reopened


def test_a_need_reopened_on_its_own_does_not_stand_in_the_way() -> None:
    project = make_project(Stage.DELIVERED, people=3)
    people = askers(project)
    needs_reopen(by=EVERYWHERE, needs=served_needs(project), note="又坏了", at=AT)
    for person in people:
        give(project, person, "not")
    assert Project.objects.get(pk=project.pk).stage == Stage.BUILDING


def test_a_need_is_judged_with_its_project_and_nobody_is_asked_twice() -> None:
    project = make_project(Stage.DELIVERED)
    (person,) = askers(project)
    (need,) = served_needs(project)
    with pytest.raises(JudgedWithProject):
        judgement_give(by=RESIDENT, need=need, person=person, verdict="solved", at=AT)
    assert (need_judging(need), looks_ask(at=AT + timedelta(days=200))) == (None, 0)
    assert quiet_close(at=AT + timedelta(days=200)) == 0


def test_a_need_is_closed_with_its_project_and_taken_up_with_it() -> None:
    project = make_project(Stage.DELIVERED, people=3)
    for days in (30, 180):
        project_looks_ask(at=AT + timedelta(days=days))
    projects_close(at=AT + timedelta(days=212))
    assert served_needs(project)[0].state == State.CLOSED
    for person in askers(project):
        give(project, person, "not", look=180, at=AT + timedelta(days=213))
    (need,) = served_needs(project)
    assert (need.state, need.closed_at, need.judged_with_project) == (State.DOING, None, False)


def test_what_was_said_of_an_earlier_delivery_is_history() -> None:
    project = make_project(Stage.DELIVERED, people=4)
    people = askers(project)
    for person in people[:3]:
        give(project, person, "not")
    later = AT + timedelta(days=60)
    project = project_deliver(by=EVERYWHERE, project=project, at=later)
    judging = judging_of(project)
    assert (judging.tally.answered, judging.tally.silent) == (0, 4)
    give(project, people[3], "not", at=later + timedelta(days=1))
    assert Project.objects.get(pk=project.pk).stage == Stage.DELIVERED
    assert list_cards([Project.objects.select_related("place").get(pk=project.pk)])[0].not_solved == 1


def test_silence_is_counted_apart_and_others_in_a_column_of_their_own() -> None:
    project = make_project(Stage.DELIVERED, people=5)
    people = askers(project)
    give(project, people[0], "solved")
    give(project, people[1], "partly")
    give(project, PersonFactory(), "not", home=project.place)
    judging = judging_of(project)
    result = judging.tally
    assert (result.asked, result.answered, result.silent) == (5, 2, 3)
    assert [(row.verdict, row.count, row.others) for row in judging.rows] == [
        ("solved", 1, 0),
        ("partly", 1, 0),
        ("not", 0, 1),
    ]
    assert sum(part.width for part in judging.bar) == 1000
    assert [part.kind for part in judging.bar] == ["solved", "partly", "silent"]


def test_households_that_asked_twice_are_asked_once() -> None:
    project = make_project(Stage.DELIVERED, people=2)
    home = HouseholdFactory(place=make_building("3号楼", project.place))
    for person in askers(project):
        person.household = home
        person.save()
    assert judging_of(project).tally.asked == 1


def test_those_whose_needs_were_returned_by_rule_leave_the_base(town: Town) -> None:
    project = make_project(Stage.BUILDING, place=town.estate, people=2)
    returned = make_need(town.estate, title="要一个游泳池", people=3)
    project_serve(by=EVERYWHERE, project=project, needs=[returned], at=AT)
    reason = ReturnReason.objects.create(code="unlawful", name="于法不合", excluded=True)
    need_return(by=EVERYWHERE, need=returned, reason=reason, note="绿地不能改", at=AT)
    project_deliver(by=EVERYWHERE, project=project, at=AT)
    result = judging_of(project).tally
    assert (result.asked, result.excluded, result.base, result.silent) == (5, 3, 2, 2)


def test_few_answers_are_told_in_plain_words_and_many_in_percent() -> None:
    project = make_project(Stage.DELIVERED, people=3)
    give(project, askers(project)[0])
    few = judging_of(project).tally.solved.share
    assert "10" in share_words(few, 1)
    assert "%" not in share_words(few, 1)
    assert "%" in share_words(few, 100)
    assert share_words(None, 0) == ""


def test_words_are_masked() -> None:
    project = make_project(Stage.DELIVERED)
    give(project, askers(project)[0], word="好，有事打13812345678")
    (word,) = judging_of(project).words
    assert "138" not in word.text
    assert word.text.startswith("好，有事打")


def test_the_looks_are_asked_once_each_and_judged_apart() -> None:
    project = make_project(Stage.DELIVERED, people=2)
    first, second = askers(project)
    give(project, first, "solved")
    day = AT + timedelta(days=31)
    assert project_looks_ask(at=AT + timedelta(days=29)) == 0
    assert project_round(at=day) == {"asked": 1, "closed": 0}
    assert project_round(at=day) == {"asked": 0, "closed": 0}
    give(project, second, "not", look=30, at=day)
    judging = judging_of(project)
    assert (judging.look, judging.tally.not_solved.count, judging.tally.silent) == (30, 1, 1)
    counted = {row.days: row.tally.answered if row.tally else None for row in judging.looks}
    assert counted == {0: 1, 30: 1, 180: None}


def test_those_who_asked_are_told_of_a_look_again_after_a_second_delivery(town: Town) -> None:
    person = PersonFactory(phone="13800000001")
    need = make_need(town.estate)
    support_add(by=RESIDENT, need=need, person=person, at=AT)
    project = make_project(Stage.DELIVERED, place=town.estate, from_needs=[need])
    about = Notice.objects.filter(person=person, topic=f"project-{project.pk}")
    assert project_looks_ask(at=AT + timedelta(days=31)) == 1
    assert about.count() == 1
    again = AT + timedelta(days=60)
    project_start(by=EVERYWHERE, project=project, at=again)
    project_deliver(by=EVERYWHERE, project=project, at=again)
    assert project_looks_ask(at=again + timedelta(days=31)) == 1
    assert about.count() == 2


def test_a_project_stands_as_judged_some_time_after_its_last_look() -> None:
    project = make_project(Stage.DELIVERED)
    project_round(at=AT + timedelta(days=181))
    assert projects_close(at=AT + timedelta(days=200)) == 0
    assert projects_close(at=AT + timedelta(days=212)) == 1
    closed = Project.objects.get(pk=project.pk)
    assert closed.stage == Stage.CLOSED
    # silence closed it; a voice can still be heard
    assert judging_of(closed).tally.answered == 0
    give(closed, askers(closed)[0], "not", look=180, at=AT + timedelta(days=213))
    assert judging_of(closed).tally.not_solved.count == 1


def test_the_daily_task_runs_the_round() -> None:
    project = make_project(Stage.DELIVERED)
    ProjectLook.objects.filter(project=project).update(due_at=AT - timedelta(days=4000))
    daily.enqueue()
    assert not ProjectLook.objects.filter(project=project, asked_at=None).exists()


def test_nobody_asked_means_no_share_and_no_bar() -> None:
    project = ProjectFactory(stage=Stage.DELIVERED, place=make_estate())
    EvaluationFactory(project=project, basis="lives")
    judging = judging_of(project)
    assert (judging.tally.base, judging.bar, judging.others) == (0, (), 1)


def test_taking_it_up_again_by_the_office_leaves_the_judgements_to_be_read() -> None:
    project = make_project(Stage.DELIVERED)
    give(project, askers(project)[0], "partly")
    project_start(by=EVERYWHERE, project=project, at=AT + timedelta(days=2))
    judging = judging_of(project)
    assert not judging.is_open
    assert judging.tally.partly.count == 1
