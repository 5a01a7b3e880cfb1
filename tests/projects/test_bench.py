"""The workbench of projects: who gets in, what each form does, the second of two workers, and bad input."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.projects import (
    AT,
    EVERYWHERE,
    EvaluationFactory,
    ProjectFactory,
    ProjectNeedFactory,
    make_need,
    make_project,
    picture,
)
from tests.factories.town import Town
from yiting.projects.models import FieldVisit, Milestone, NoProject, Project, ProjectPhoto, Stage
from yiting.projects.queries import get_project_for_need
from yiting.projects.services import project_plan, served_needs

pytestmark = pytest.mark.django_db

ACTS = ("edit", "serve", "choose", "start", "deliver", "drop", "visit", "milestone", "photo")
SPOILT = (
    "\x00",
    "长" * 5000,
    "<script>",
    "-1",
    "9" * 40,
    "2024-13-45",
    "0001-01-01",
    "9999-12-31",
    "' or 1=1",
)
FIELDS = (
    "seen", "title", "purpose", "place", "year", "budget", "spent", "lead", "need", "on", "when",
    "reason",
    "organisations", "deputies", "findings", "visited_on", "planned_on", "done_on", "done_when", "note",
    "kind", "caption", "milestone", "q", "after", "view",
)  # fmt: skip


def text(response) -> str:
    return " ".join(response.content.decode().split())


def act(name: str, project: Project) -> str:
    return reverse(f"projects:{name}", args=[project.code])


# --- who gets in
def test_a_worker_of_another_community_finds_nothing(town: Town) -> None:
    project = make_project(place=town.estate)
    need = make_need(town.estate)
    stranger = town.browser("worker", town.theirs)
    for name in (*ACTS, "bench_project"):
        for method in (stranger.get, stranger.post):
            assert method(act(name, project)).status_code in (404, 405), name
    assert stranger.get(act("bench_project", project)).status_code == 404
    assert stranger.post(reverse("projects:decline", args=[need.code]), {"reason": "不"}).status_code == 404
    assert project.title not in text(stranger.get(reverse("projects:bench")))
    page = text(stranger.get(reverse("projects:propose") + f"?need={need.code}"))
    assert need.title not in page
    stored = Project.objects.get(pk=project.pk)
    assert (stored.stage, stored.version) == (project.stage, project.version)


def test_residents_and_visitors_stay_outside(town: Town) -> None:
    project = make_project(place=town.estate)
    visitor = Client()
    for name in (*ACTS, "bench_project"):
        answer = visitor.get(act(name, project))
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    resident = town.browser("resident", town.ours)
    assert resident.get(reverse("projects:bench")).status_code == 404


def test_a_deputy_sees_candidates_with_evidence_and_records_visits_only(town: Town) -> None:
    project = make_project(place=town.estate)
    deputy = town.browser("deputy", town.ours)
    assert project.title in text(deputy.get(reverse("projects:bench")))
    page = text(deputy.get(act("bench_project", project)))
    assert served_needs(project)[0].title in page
    assert act("visit", project) in page
    for name in set(ACTS) - {"visit"}:
        assert act(name, project) not in page, name
        assert deputy.post(act(name, project), {"seen": 0, "reason": "不做"}).status_code == 404, name
    answer = deputy.post(act("visit", project), {"with_deputies": "on", "deputies": "3", "findings": "没有遮阴"})
    assert answer.status_code == 302
    (visit,) = FieldVisit.objects.all()
    assert (visit.deputies, visit.with_deputies, visit.visited_on) == (3, True, None)
    assert reverse("projects:propose") not in page


# --- proposing
def test_a_need_is_proposed_with_what_is_known_filled_in(town: Town) -> None:
    need = make_need(town.estate, title="没有遮阳的地方", people=2)
    other = make_need(town.estate, title="下雨没处站")
    worker = town.browser("worker", town.ours)
    page = text(worker.get(reverse("projects:propose") + f"?need={need.code}"))
    assert 'value="没有遮阳的地方"' in page
    assert f'<option value="{town.estate.pk}" selected>' in page
    assert f'value="{need.code}" checked' in page
    said = {
        "need": [need.code, other.code],
        "title": "新建居民议事亭",
        "place": town.estate.pk,
        "year": 2024,
        "budget": "120000.50",
        "lead": town.office.pk,
    }
    answer = worker.post(reverse("projects:propose"), said)
    project = Project.objects.get()
    assert answer["Location"] == act("bench_project", project)
    assert (project.budget_fen, project.lead, project.households) == (12_000_050, town.office, 306)
    assert {one.pk for one in served_needs(project)} == {need.pk, other.pk}
    assert get_project_for_need(other) == project


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("budget", "十二万", 422),
        ("budget", "-3", 422),
        ("title", "", 422),
        ("title", "长" * 121, 422),
        ("year", "24", 422),
        ("place", "0", 422),
        ("lead", "999999", 422),
        ("need", "", 400),
        ("need", "NOSUCH22", 400),
    ],
)
def test_a_proposal_that_does_not_fit_is_kept_and_says_why(town: Town, field: str, value: str, status: int) -> None:
    need = make_need(town.estate)
    worker = town.browser("worker", town.ours)
    said = {
        "need": need.code,
        "title": "议事亭",
        "place": town.estate.pk,
        "year": 2024,
        "budget": "",
        "purpose": "歇脚",
    }
    answer = worker.post(reverse("projects:propose"), {**said, field: value})
    assert answer.status_code == status
    assert 'class="error"' in text(answer)
    assert "歇脚" in text(answer)
    assert not Project.objects.exists()


def test_a_need_of_another_community_cannot_be_taken(town: Town) -> None:
    theirs = make_need(town.there)
    worker = town.browser("worker", town.ours)
    said = {"need": theirs.code, "title": "议事亭", "place": town.estate.pk, "year": 2024}
    assert worker.post(reverse("projects:propose"), said).status_code == 400
    assert not Project.objects.exists()


def test_why_a_need_is_no_project_is_published(town: Town) -> None:
    need = make_need(town.estate, public=True)
    worker = town.browser("worker", town.ours)
    address = reverse("projects:decline", args=[need.code])
    assert worker.get(address).status_code == 200
    assert worker.post(address, {"year": 2024, "reason": " "}).status_code == 422
    assert worker.post(address, {"year": 2024, "reason": "地下有管线"}).status_code == 302
    assert NoProject.objects.get().reason == "地下有管线"
    assert "地下有管线" in text(Client().get(reverse("projects:for_need", args=[need.code])))


# --- the acts
def test_a_project_is_brought_all_the_way_by_its_forms(town: Town) -> None:
    project = make_project(place=town.estate)
    worker = town.browser("worker", town.ours)

    def do(name: str, **said: object) -> None:
        seen = Project.objects.get(pk=project.pk).version
        answer = worker.post(act(name, project), {"seen": seen, **said})
        assert answer.status_code == 302, text(answer)

    do("edit", purpose="坐着说话", budget="5000", spent="12.34", lead=town.ours.pk)
    further = make_need(town.estate, title="要几条长凳")
    do("serve", need=[further.code])
    do("choose", on="2024-04-16")
    do("visit", organisations=[town.office.pk, town.ours.pk], findings="看过", visited_on="2024-04-17")
    do("start")
    do("milestone", title="打地基", planned_on="2024-05-01")
    do("milestone", title="打地基", done_when="四月底")
    step = Milestone.objects.get()
    photo = SimpleUploadedFile("a.png", picture("PNG"))
    do("photo", kind="progress", caption="在打地基", milestone=step.pk, photo=photo)
    do("deliver", when="2024年5月中旬")
    stored = Project.objects.get(pk=project.pk)
    assert (stored.stage, stored.delivered_when, stored.delivered_on) == (
        Stage.DELIVERED,
        "2024年5月中旬",
        None,
    )
    assert (stored.budget_fen, stored.spent_fen, stored.lead, stored.purpose) == (
        500_000, 1_234, town.ours, "坐着说话",
    )  # fmt: skip
    assert FieldVisit.objects.get().organisations.count() == 2
    assert (step.done_when, step.planned_on.isoformat()) == ("四月底", "2024-05-01")
    assert ProjectPhoto.objects.get().milestone == step
    assert {need.state for need in served_needs(stored)} == {"judging"}
    do("start")
    do("drop", reason="地下有管线")
    assert Project.objects.get(pk=project.pk).drop_reason == "地下有管线"


def test_what_is_left_empty_in_the_plan_stays_as_it_is(town: Town) -> None:
    project = make_project(place=town.estate, budget_fen=500_000, purpose="坐着说话")
    worker = town.browser("worker", town.ours)
    worker.post(act("edit", project), {"seen": project.version, "spent": "1"})
    stored = Project.objects.get(pk=project.pk)
    assert (stored.budget_fen, stored.purpose, stored.spent_fen) == (500_000, "坐着说话", 100)


def test_the_second_worker_is_told_and_sees_how_it_stands_now(town: Town) -> None:
    project = make_project(place=town.estate)
    worker = town.browser("worker", town.ours)
    project_plan(by=EVERYWHERE, project=project, budget_fen=700_000, at=AT)
    for name, said in (
        ("edit", {"budget": "1"}),
        ("choose", {}),
        ("drop", {"reason": "不做了"}),
    ):
        answer = worker.post(act(name, project), {"seen": project.version, **said})
        assert answer.status_code == 409
        page = text(answer)
        assert 'role="alert"' in page
        assert f'name="seen" value="{project.version + 1}"' in page
    stored = Project.objects.get(pk=project.pk)
    assert (stored.stage, stored.budget_fen) == (Stage.CANDIDATE, 700_000)


@pytest.mark.parametrize("seen", [None, "", "x", "-1", "9" * 30])
def test_a_version_that_is_missing_or_spoilt_counts_as_old(town: Town, seen: str | None) -> None:
    project = make_project(place=town.estate)
    said = {} if seen is None else {"seen": seen}
    assert town.browser("worker", town.ours).post(act("choose", project), said).status_code == 409
    assert Project.objects.get(pk=project.pk).stage == Stage.CANDIDATE


@pytest.mark.parametrize("name", ["start", "deliver"])
def test_a_step_that_is_not_possible_is_refused(town: Town, name: str) -> None:
    project = make_project(place=town.estate)
    worker = town.browser("worker", town.ours)
    assert worker.post(act(name, project), {"seen": project.version}).status_code == 409
    assert act(name, project) not in text(worker.get(act("bench_project", project)))


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"%PDF-1.4", b"<svg/>"])
def test_a_photo_that_is_none_is_refused(town: Town, data: bytes) -> None:
    project = make_project(place=town.estate)
    photo = SimpleUploadedFile("照片.jpg", data, content_type="image/jpeg")
    said = {"kind": "before", "caption": "空地", "photo": photo}
    answer = town.browser("worker", town.ours).post(act("photo", project), said)
    assert answer.status_code in (400, 422)
    assert 'class="error"' in text(answer)
    assert not ProjectPhoto.objects.exists()


def test_a_photo_needs_words(town: Town) -> None:
    project = make_project(place=town.estate)
    photo = SimpleUploadedFile("a.jpg", picture())
    answer = town.browser("worker", town.ours).post(act("photo", project), {"kind": "before", "photo": photo})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("visit", {}),
        ("visit", {"findings": "看过", "visited_on": "2999-01-01"}),
        ("visit", {"findings": "看过", "deputies": "-1"}),
        ("visit", {"organisations": ["999999"]}),
        ("milestone", {"title": ""}),
        ("milestone", {"title": "打地基", "done_on": "2099-01-01"}),
        ("milestone", {"title": "打地基", "planned_on": "31.02.2024"}),
        ("edit", {"budget": "十二万"}),
        ("deliver", {"on": "2099-01-01"}),
        ("drop", {"reason": ""}),
        ("serve", {}),
    ],
)
def test_what_does_not_fit_is_said_beside_the_form(town: Town, name: str, said: dict) -> None:
    project = make_project(Stage.BUILDING, place=town.estate)
    answer = town.browser("worker", town.ours).post(act(name, project), {"seen": project.version, **said})
    assert answer.status_code in (400, 422)
    assert 'class="error"' in text(answer)


@pytest.mark.parametrize("spoilt", SPOILT)
def test_no_input_makes_a_page_fall_over(town: Town, spoilt: str) -> None:
    project = make_project(Stage.BUILDING, place=town.estate)
    need = make_need(town.estate)
    worker = town.browser("worker", town.ours)
    said = dict.fromkeys(FIELDS, spoilt)
    for address in (*(act(name, project) for name in ACTS), reverse("projects:propose")):
        assert worker.post(address, said).status_code < 500, address
    assert worker.post(reverse("projects:decline", args=[need.code]), said).status_code < 500
    for address in (reverse("projects:bench"), reverse("projects:propose"), act("bench_project", project)):
        assert worker.get(address, said).status_code == 200, address


# --- lists
def test_the_views_part_the_projects(town: Town) -> None:
    worker = town.browser("worker", town.ours)
    made = {stage: ProjectFactory(place=town.estate, stage=stage) for stage in Stage}
    EvaluationFactory(project=made[Stage.DELIVERED], verdict="not")
    shown = {
        "candidates": {Stage.CANDIDATE},
        "chosen": {Stage.CHOSEN},
        "building": {Stage.BUILDING},
        "delivered": {Stage.DELIVERED},
        "unsolved": {Stage.DELIVERED},
        "ended": {Stage.CLOSED, Stage.DROPPED},
    }
    for view, stages in shown.items():
        page = text(worker.get(reverse("projects:bench") + f"?view={view}"))
        listed = {stage for stage, project in made.items() if f">{project.title}</a>" in page}
        assert listed == stages, view


@pytest.mark.parametrize("name", ["bench", "propose"])
def test_lists_take_as_many_queries_for_3_as_for_30(town: Town, name: str) -> None:
    worker = town.browser("worker", town.ours)

    def grow(many: int) -> None:
        for _number in range(many):
            ProjectNeedFactory(project=ProjectFactory(place=town.estate))
            make_need(town.estate)

    def count() -> int:
        address = reverse(f"projects:{name}")
        worker.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert worker.get(address).status_code == 200
        return len(counted)

    grow(3)
    few = count()
    grow(27)
    assert count() == few


def test_htmx_gets_the_project_alone(town: Town) -> None:
    project = make_project(place=town.estate)
    worker = town.browser("worker", town.ours)
    fragment = text(worker.get(act("bench_project", project), headers={"hx-request": "true"}))
    assert project.title in fragment
    assert "<html" not in fragment
