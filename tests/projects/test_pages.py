"""The pages answer kindly to everybody: the board, a project, judging, the way from a need, bad input."""

from __future__ import annotations

from datetime import timedelta

import pytest
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
    askers,
    make_need,
    make_project,
    picture,
)
from tests.factories.town import Town
from yiting.needs.models import Need, ServiceRequest
from yiting.needs.queries import fresh_code
from yiting.people.models import Person
from yiting.projects.models import Evaluation, Project, ProjectNeed, Stage
from yiting.projects.queries import BoardFilters, get_board, get_project_page
from yiting.projects.services import (
    evaluation_give,
    milestone_set,
    need_decline,
    project_photo_add,
    project_plan,
    served_needs,
    visit_record,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def text(response) -> str:
    return " ".join(response.content.decode().split())


def queries_of(visitor: Client, address: str) -> int:
    visitor.get(address)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert visitor.get(address).status_code == 200
    return len(counted)


def fill(project: Project, many: int) -> None:
    for number in range(many):
        ProjectNeedFactory(project=project)
        EvaluationFactory(project=project, at=AT + timedelta(hours=number), word=f"好{number}")
        visit_record(by=EVERYWHERE, project=project, organisations=[], findings=f"看了{number}", at=AT)
        milestone_set(by=EVERYWHERE, project=project, title=f"第{number}步", at=AT)
        project_photo_add(
            by=EVERYWHERE,
            project=project,
            kind="progress",
            name="p.jpg",
            data=picture(),
            caption="在建",
            at=AT,
        )


# --- the board
def test_the_board_takes_as_many_queries_for_3_as_for_30(visitor: Client, town: Town) -> None:
    def grow(many: int) -> None:
        for _number in range(many):
            project = ProjectFactory(place=town.estate, stage=Stage.DELIVERED)
            ProjectNeedFactory(project=project)
            EvaluationFactory(project=project)

    grow(3)
    few = queries_of(visitor, reverse("projects:board"))
    grow(27)
    assert queries_of(visitor, reverse("projects:board")) == few


def test_the_page_of_a_project_takes_as_many_queries_for_3_as_for_30(visitor: Client, town: Town) -> None:
    project = make_project(Stage.DELIVERED, place=town.estate)
    fill(project, 3)
    few = queries_of(visitor, reverse("projects:project", args=[project.code]))
    Project.objects.filter(pk=project.pk).update(stage=Stage.BUILDING)
    more = Project.objects.get(pk=project.pk)
    for number in range(27):
        ProjectNeedFactory(project=more)
        EvaluationFactory(project=more, word="好")
        visit_record(by=EVERYWHERE, project=more, findings="看过", at=AT)
        milestone_set(by=EVERYWHERE, project=more, title=f"再{number}", at=AT)
    Project.objects.filter(pk=project.pk).update(stage=Stage.DELIVERED)
    assert queries_of(visitor, reverse("projects:project", args=[project.code])) == few


def test_every_project_is_on_the_board_once_through_its_pages(town: Town) -> None:
    made = {ProjectFactory(place=town.estate, year=2020 + number % 4).code for number in range(47)}
    seen: list[str] = []
    after = None
    while True:
        page = get_board(BoardFilters(), after=after)
        seen += [card.code for card in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(made)
    assert set(seen) == made
    years = [Project.objects.get(code=code).year for code in seen]
    assert years == sorted(years, reverse=True)


def test_the_board_is_filtered_by_place_year_stage_and_words(visitor: Client, town: Town) -> None:
    pavilion = ProjectFactory(place=town.estate, title="新建居民议事亭", year=2024, stage=Stage.DELIVERED)
    lamp = ProjectFactory(place=town.there, title="装路灯", year=2023)
    ProjectNeedFactory(project=lamp, need=make_need(town.there, title="晚上太黑", public=True))
    board = reverse("projects:board")
    for query, only in (
        (f"place={town.here.pk}", pavilion),
        (f"place={town.there.pk}", lamp),
        ("year=2024", pavilion),
        ("stage=candidate", lamp),
        ("q=议事亭", pavilion),
        ("q=太黑", lamp),
    ):
        page = text(visitor.get(f"{board}?{query}"))
        assert only.title in page
        assert (lamp if only is pavilion else pavilion).title not in page, query


@pytest.mark.parametrize(
    "query",
    [
        "after=x", "after=1.2.3", "after=99999999999999999.1", "year=十", "year=99999999999999999999",
        "place=-1",
        "place=99999999999999999999999", "stage=gone", "q=%00", "q=%25_%27",
        "q=" + "长" * 300, "place=1&place=2",
    ],
)  # fmt: skip
def test_spoilt_filters_are_no_error(visitor: Client, town: Town, query: str) -> None:
    ProjectFactory(place=town.estate)
    assert visitor.get(reverse("projects:board") + "?" + query).status_code == 200


def test_an_empty_board_says_so(visitor: Client, db: None) -> None:
    assert "No project yet" in text(visitor.get(reverse("projects:board")))


# --- a project
def test_money_that_nobody_said_is_not_zero(visitor: Client, town: Town) -> None:
    project = make_project(place=town.estate)
    address = reverse("projects:project", args=[project.code])
    page = text(visitor.get(address))
    assert "<dt>Budget</dt><dd>not said</dd>" in page
    assert "¥0" not in page
    project_plan(by=EVERYWHERE, project=project, budget_fen=12_000_050, at=AT)
    assert "<dt>Budget</dt><dd>¥120,000.50</dd>" in text(visitor.get(address))


def test_the_page_tells_the_whole_story(visitor: Client, town: Town) -> None:
    need = make_need(town.estate, people=3, public=True)
    project = make_project(Stage.DELIVERED, place=town.estate, from_needs=[need], lead=town.ours, purpose="坐着说话")
    visit_record(by=EVERYWHERE, project=project, organisations=[town.office], deputies=2, findings="没有遮阴", at=AT)
    milestone_set(by=EVERYWHERE, project=project, title="打地基", done_when="四月", at=AT)
    for kind, caption in (("before", "空地"), ("after", "亭子")):
        project_photo_add(
            by=EVERYWHERE,
            project=project,
            kind=kind,
            name="p.png",
            data=picture("PNG"),
            caption=caption,
            at=AT,
        )
    evaluation_give(
        by=EVERYWHERE, project=project, person=askers(project)[0], verdict="solved", word="有地方坐了", at=AT
    )
    page = text(visitor.get(reverse("projects:project", args=[project.code])))
    for said in (
        "坐着说话", need.title, reverse("needs:need", args=[need.code]), town.office.name,
        "with 2 people’s deputies",
        "没有遮阴", "day not said", "打地基", "四月", 'alt="空地"', 'alt="亭子"', "有地方坐了", "36 of them",
        "3 households asked for it", "2 have not said anything", "After 30 days", "verdict-bar",
    ):  # fmt: skip
        assert said in page, said
    for photo in project.photos.all():
        answer = visitor.get(reverse("projects:picture", args=[project.code, photo.pk]))
        assert answer["Content-Type"] == "image/jpeg"
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")


def test_needs_that_are_not_public_are_counted_but_not_named(visitor: Client, town: Town) -> None:
    need = make_need(town.estate, title="不公开的事情")
    project = make_project(place=town.estate, from_needs=[need])
    page = text(visitor.get(reverse("projects:project", args=[project.code])))
    assert need.title not in page
    assert "1 more that the community has not looked through yet" in page
    worker = town.browser("worker", town.ours)
    assert need.title in text(worker.get(reverse("projects:project", args=[project.code])))
    stranger = town.browser("worker", town.theirs)
    assert need.title not in text(stranger.get(reverse("projects:project", args=[project.code])))


def test_a_code_is_read_as_it_was_typed(visitor: Client, town: Town) -> None:
    project = ProjectFactory(place=town.estate, code="BCDF2345")
    answer = visitor.get("/projects/bcdf-2345/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("projects:project", args=[project.code]))


@pytest.mark.parametrize("code", ["NOTHERE2", "%00", "长" * 40, "..", "' or 1=1 --"])
def test_what_is_not_there_is_a_kind_404(visitor: Client, db: None, code: str) -> None:
    for name in ("project", "evaluate", "for_need"):
        address = reverse("projects:" + name, args=["CODE"]).replace("CODE", code)
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, {"verdict": "solved"}).status_code in (404, 405)
    assert visitor.get(f"/projects/{code}/photos/1/").status_code == 404


# --- from a need to its project and back
def test_a_need_leads_to_its_project_and_the_project_back(visitor: Client, town: Town) -> None:
    for _number in range(3):
        project = make_project(Stage.CHOSEN, place=town.estate)
        for need in served_needs(project):
            answer = visitor.get(reverse("projects:for_need", args=[need.code]))
            assert answer["Location"] == reverse("projects:project", args=[project.code])
            assert reverse("needs:need", args=[need.code]) in text(visitor.get(answer["Location"]))


def test_a_need_without_a_project_says_why_or_that_nothing_is_decided(visitor: Client, town: Town) -> None:
    need = make_need(town.estate, public=True)
    address = reverse("projects:for_need", args=[need.code])
    assert "Nothing is decided yet" in text(visitor.get(address))
    need_decline(by=EVERYWHERE, need=need, year=2024, reason="地下有燃气管线，不能挖", at=AT)
    assert "地下有燃气管线，不能挖" in text(visitor.get(address))
    fragment = text(visitor.get(address, headers={"hx-request": "true"}))
    assert "地下有燃气管线，不能挖" in fragment
    assert "<html" not in fragment


def test_htmx_gets_a_card_instead_of_a_redirect(visitor: Client, town: Town) -> None:
    project = make_project(Stage.CHOSEN, place=town.estate)
    need = served_needs(project)[0]
    answer = visitor.get(reverse("projects:for_need", args=[need.code]), headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert project.title in text(answer)
    assert "<html" not in text(answer)


def test_a_need_that_is_not_public_gives_nothing_away(visitor: Client, town: Town) -> None:
    need = make_need(town.estate)
    address = reverse("projects:for_need", args=[need.code])
    assert visitor.get(address).status_code == 404
    assert town.browser("worker", town.theirs).get(address).status_code == 404
    assert town.browser("worker", town.ours).get(address).status_code == 200


# --- judging
def test_a_neighbour_judges_with_one_tap_and_their_building(visitor: Client, town: Town) -> None:
    project = make_project(Stage.DELIVERED, place=town.estate)
    address = reverse("projects:evaluate", args=[project.code])
    key = fresh_code(16)
    answer = visitor.post(address, {"verdict": "solved", "building": town.building.pk, "key": key}, follow=True)
    assert "You said" in text(answer)
    # the same browser is the same voice, and need not say again where it lives
    visitor.post(address, {"verdict": "not", "word": "漏雨"})
    (stored,) = Evaluation.objects.all()
    assert (stored.verdict, stored.basis) == ("not", "lives")
    assert Person.objects.filter(source="web").count() == 1


def test_a_receipt_makes_it_the_judgement_of_one_who_asked(visitor: Client, town: Town) -> None:
    project = make_project(Stage.DELIVERED, place=town.estate)
    receipt = ServiceRequest.objects.get(need__root__in=[need.pk for need in served_needs(project)])
    address = reverse("projects:evaluate", args=[project.code])
    other = make_need(town.estate).requests.get()
    answer = visitor.post(address, {"verdict": "solved", "receipt": other.code})
    assert answer.status_code == 400
    assert "another matter" in text(answer)
    assert visitor.post(address, {"verdict": "partly", "receipt": receipt.code.lower()}).status_code == 302
    (stored,) = Evaluation.objects.all()
    assert (stored.basis, stored.person_id) == ("asked", receipt.person_id)


def test_a_stranger_is_asked_where_they_live_and_makes_no_person(visitor: Client, town: Town) -> None:
    project = make_project(Stage.DELIVERED, place=town.estate)
    address = reverse("projects:evaluate", args=[project.code])
    before = Person.objects.count()
    for said in ({}, {"building": town.there.pk}, {"building": ""}):
        answer = visitor.post(address, {"verdict": "solved", **said})
        assert answer.status_code == 403
    assert Person.objects.count() == before
    page = text(visitor.get(reverse("projects:project", args=[project.code])))
    assert "In which building do you live?" in page
    assert town.building.name in page


def test_a_project_of_a_whole_community_asks_with_the_picker(visitor: Client, town: Town) -> None:
    project = make_project(Stage.DELIVERED, place=town.here)
    page = text(visitor.get(reverse("projects:project", args=[project.code])))
    assert 'id="place-pick"' in page
    answer = visitor.post(
        reverse("projects:evaluate", args=[project.code]),
        {"verdict": "solved", "community": town.here.pk, "estate": town.estate.pk},
    )
    assert answer.status_code == 302
    assert Evaluation.objects.get().basis == "lives"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"verdict": "great"},
        {"verdict": "solved", "word": "长" * 201},
        {"verdict": "solved", "building": "x"},
        {"verdict": "solved", "building": "9" * 30},
        {"verdict": "solved", "building": "4611686018427387000"},
        {"verdict": "solved", "estate": "x'y"},
        {"verdict": "solved", "receipt": "\x00"},
        {"verdict": "solved", "receipt": "长" * 60},
    ],
)
def test_spoilt_judgements_are_refused_kindly(visitor: Client, town: Town, said: dict) -> None:
    project = make_project(Stage.DELIVERED, place=town.estate)
    answer = visitor.post(reverse("projects:evaluate", args=[project.code]), said)
    assert answer.status_code in (302, 400, 403, 404)
    assert not Evaluation.objects.exists()


def test_before_it_is_finished_there_is_no_tap(visitor: Client, town: Town) -> None:
    project = make_project(Stage.BUILDING, place=town.estate)
    assert 'name="verdict"' not in text(visitor.get(reverse("projects:project", args=[project.code])))
    address = reverse("projects:evaluate", args=[project.code])
    answer = visitor.post(address, {"verdict": "solved", "building": town.building.pk})
    assert answer.status_code == 409


def test_names_and_numbers_of_residents_are_on_no_page(visitor: Client, town: Town) -> None:
    need = make_need(town.estate, title="找王师傅13812345678", public=True)
    project = make_project(Stage.CHOSEN, place=town.estate, from_needs=[need])
    Need.objects.filter(pk=need.pk).update(quote="打13812345678")
    page = get_project_page(project.code, by=EVERYWHERE, at=AT)
    assert "138" not in page.quote + page.needs[0].title
    assert "13812345678" not in text(visitor.get(reverse("projects:project", args=[project.code])))
    assert ProjectNeed.objects.count() == 1
