"""What is done on the workbench: every act through its view, two at once, and nonsense."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories.desks import Desk
from tests.factories.needs import CategoryFactory, NeedFactory, public_need, said_at, say
from tests.factories.people import OrganisationFactory, PersonFactory
from yiting.needs import services
from yiting.needs.models import Assignment, Need, Reply, ReturnReason, SavedView, State, Suggestion
from yiting.notices.models import Notice
from yiting.people.actors import RESIDENT

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SIMPLE = ("accept", "resume", "discuss")
FORMS = ("sort", "assign", "hand_back", "decline", "pause", "reply", "merge", "split", "unmerge")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def web(desk: Desk) -> Client:
    return desk.client()


@pytest.fixture
def need(desk: Desk) -> Need:
    return public_need("楼道灯坏了一个多月", desk.estate, PersonFactory(phone="13800000001"))


@pytest.fixture
def reason() -> ReturnReason:
    services.reasons_load()
    return ReturnReason.objects.get(code="not-ours")


def act(client: Client, need: Need, what: str, query: str = "", **data: object) -> HttpResponse:
    """Do something as htmx does, having seen the need as it is now."""
    seen = Need.objects.get(pk=need.pk).version
    address = reverse(f"needs:bench_{what}", args=[need.code]) + query
    answer = client.post(address, {"seen": seen} | data, headers=HTMX)
    need.refresh_from_db()
    return answer


def merge_suggestion(desk: Desk, into: Need) -> Suggestion:
    new = say("门口的灯不亮", desk.estate).need
    Suggestion.objects.all().delete()
    found = Suggestion.objects.create(need=new, kind="merge", target=into, score=0.7, at=said_at())
    Need.objects.filter(pk=new.pk).update(suggestion_count=1)
    return found


class TestSuggestions:
    def test_one_key_merges(self, desk: Desk, web: Client, need: Need) -> None:
        found = merge_suggestion(desk, need)
        gone = found.need
        answer = web.post(
            reverse("needs:suggestion", args=[found.pk]),
            {"answer": "yes", "seen": gone.version},
            headers=HTMX,
        )
        page = answer.content.decode()
        gone.refresh_from_db()
        assert gone.parent == need
        assert f'hx-swap-oob="delete:#row-{gone.code}"' in page
        assert f'hx-swap-oob="innerHTML:#row-{need.code}"' in page
        assert "Merged into “" in page
        assert "<h2>楼道灯坏了一个多月</h2>" in page

    def test_one_key_refuses_and_it_is_not_suggested_again(self, desk: Desk, web: Client, need: Need) -> None:
        found = merge_suggestion(desk, need)
        page = web.post(
            reverse("needs:suggestion", args=[found.pk]), {"answer": "no", "seen": 0}, headers=HTMX
        ).content.decode()
        found.refresh_from_db()
        assert found.answer == Suggestion.Answer.REFUSED
        assert f"<h2>{found.need.title}</h2>" in page
        assert 'data-key="m"' not in page
        services.needs_suggest(needs=[found.need_id], at=said_at())
        assert not Suggestion.objects.filter(need=found.need, target=need, answer=Suggestion.Answer.OPEN).exists()

    @pytest.mark.parametrize(("kind", "field"), [("category", "category"), ("urgency", "urgency")])
    @pytest.mark.parametrize(("said", "taken"), [("yes", True), ("no", False)])
    def test_category_and_urgency_are_accepted_or_refused(
        self, desk: Desk, web: Client, kind: str, field: str, said: str, taken: bool
    ) -> None:
        need = say("灯坏了", desk.estate).need
        Suggestion.objects.all().delete()
        value = CategoryFactory(name="公共照明") if kind == "category" else "soon"
        found = Suggestion.objects.create(need=need, kind=kind, score=0.9, at=said_at(), **{field: value})
        answer = web.post(reverse("needs:suggestion", args=[found.pk]), {"answer": said}, headers=HTMX)
        assert answer.status_code == 200
        need.refresh_from_db()
        assert (getattr(need, field) == value) is taken
        assert (need.state == State.SORTED) is taken

    def test_the_second_of_two_is_told_in_the_column(self, desk: Desk, web: Client, need: Need) -> None:
        found = merge_suggestion(desk, need)
        address = reverse("needs:suggestion", args=[found.pk])
        assert web.post(address, {"answer": "yes", "seen": 0}, headers=HTMX).status_code == 200
        second = web.post(address, {"answer": "no", "seen": 0}, headers=HTMX)
        page = second.content.decode()
        assert second.status_code == 409
        assert 'role="alert"' in page
        assert f"Number {need.code}" in page
        assert f'hx-swap-oob="delete:#row-{found.need.code}"' in page
        assert "HX-Retarget" not in second

    def test_a_suggestion_that_never_was(self, web: Client) -> None:
        for key in ("999999", "9" * 25):
            answer = web.post(f"/bench/suggestions/{key}/", {"answer": "yes"}, headers=HTMX)
            assert answer.status_code == 404
            assert "<html" not in answer.content.decode()


class TestMerging:
    def test_by_number_undone_and_told_apart(self, desk: Desk, web: Client, need: Need) -> None:
        other = public_need("二单元的灯", desk.estate)
        typed = f" {need.code[:4].lower()} {need.code[4:].lower()} "
        assert act(web, other, "merge", keep=typed).status_code == 200
        assert other.parent == need
        page = act(web, other, "unmerge").content.decode()
        assert other.parent is None
        assert f"Number {other.code}" in page

    @pytest.mark.parametrize("number", ["", "NOSUCH", "\x00", "字" * 500])
    def test_a_number_that_is_nobodys_is_told(self, web: Client, need: Need, number: str) -> None:
        answer = act(web, need, "merge", keep=number)
        assert answer.status_code == 400
        assert "There is no need with the number" in answer.content.decode()

    def test_another_communitys_number_is_nobodys(self, web: Client, need: Need) -> None:
        theirs = public_need("灯坏了", Desk("万正社区").estate)
        assert "There is no need with the number" in act(web, need, "merge", keep=theirs.code).content.decode()
        assert need.parent is None

    def test_with_itself_or_twice_is_told(self, desk: Desk, web: Client, need: Need) -> None:
        assert act(web, need, "merge", keep=need.code).status_code == 400
        other = public_need("二单元的灯", desk.estate)
        assert act(web, other, "unmerge").status_code == 409
        assert act(web, other, "merge", keep=need.code).status_code == 200
        again = act(web, other, "merge", keep=need.code)
        assert again.status_code == 409
        assert f"Number {need.code}" in again.content.decode()

    def test_ticked_requests_become_a_matter_of_their_own(self, desk: Desk, web: Client, need: Need) -> None:
        stays = say("还是黑", desk.estate, need=need)
        goes = say("电梯也坏了", desk.estate, need=need)
        page = act(web, need, "split", request=[goes.pk], title="电梯坏了").content.decode()
        goes.refresh_from_db()
        assert goes.need.title == "电梯坏了"
        assert f"Number {goes.need.code}" in page
        stays.refresh_from_db()
        assert stays.need == need

    @pytest.mark.parametrize("ticked", [[], ["x"], ["9" * 30], ["-1"], ["\x00"]])
    def test_ticking_nothing_or_nonsense_is_told(self, desk: Desk, web: Client, need: Need, ticked: list[str]) -> None:
        say("还是黑", desk.estate, need=need)
        answer = act(web, need, "split", request=ticked, title="字" * 5_000)
        assert answer.status_code == 400
        assert "not none and not all" in answer.content.decode()

    def test_requests_of_another_need_cannot_be_taken_out(self, desk: Desk, web: Client, need: Need) -> None:
        theirs = say("别处的灯", Desk("万正社区").estate)
        say("还是黑", desk.estate, need=need)
        assert act(web, need, "split", request=[theirs.pk]).status_code == 400


class TestHandling:
    def test_sorting(self, web: Client, need: Need) -> None:
        below = CategoryFactory(parent=CategoryFactory())
        answer = act(web, need, "sort", category=below.pk, urgency="urgent", title="2号楼楼道灯")
        assert (need.category, need.urgency, need.title) == (below, "urgent", "2号楼楼道灯")
        assert "Sorted." in answer.content.decode()

    def test_what_concerns_one_home_is_kept_off_the_public_pages(self, web: Client, need: Need) -> None:
        page = act(web, need, "sort", private="on").content.decode()
        assert need.is_public is False
        assert re.search(r'name="private"[^>]* checked', page)
        act(web, need, "sort")
        assert need.is_public is True

    def test_what_is_left_empty_stays(self, web: Client, need: Need) -> None:
        title = need.title
        assert act(web, need, "sort", urgency="soon").status_code == 200
        assert (need.title, need.urgency, need.category) == (title, "soon", None)

    def test_giving_taking_on_and_handing_back(self, desk: Desk, web: Client, need: Need, reason: ReturnReason) -> None:
        route = OrganisationFactory(place=desk.street.place, name="城管局")
        assert "asked, has not answered yet" in act(web, need, "assign", organisation=desk.office.pk).content.decode()
        assert need.handler == desk.office
        assert "Taken on." in act(web, need, "accept").content.decode()
        assert need.state == State.DOING
        page = act(web, need, "hand_back", reason=reason.pk, note="路灯归城管。", route_to=route.pk).content.decode()
        assert need.handler is None
        assert "handed it back: 不归我们管. 路灯归城管。" in page
        assert "They say: 城管局 can do it." in page

    def test_ending_it_with_a_reason(self, web: Client, need: Need, reason: ReturnReason) -> None:
        page = act(web, need, "decline", reason=reason.pk, note="请找城管局。").content.decode()
        assert need.state == State.RETURNED
        assert "Everybody who asked is told" in page
        for gone in ("assign", "reply", "pause", "decline", "discuss"):
            assert reverse(f"needs:bench_{gone}", args=[need.code]) not in page

    def test_the_clock(self, web: Client, need: Need) -> None:
        act(web, need, "pause", waiting_for="供电公司")
        assert need.waiting_for == "供电公司"
        assert act(web, need, "pause", waiting_for="物业").status_code == 409
        act(web, need, "resume")
        assert need.waiting_since is None
        assert act(web, need, "resume").status_code == 409

    def test_answering_everybody(self, web: Client, need: Need) -> None:
        person = need.requests.get().person
        act(web, need, "reply", text="已联系物业。")
        assert need.state == State.SORTED
        page = act(web, need, "reply", text="修好了。", final="on").content.decode()
        assert need.state == State.JUDGING
        assert Notice.objects.filter(person=person).count() == 2
        assert page.index("修好了。") < page.index("已联系物业。")
        assert act(web, need, "reply", text="又修好了。", final="on").status_code == 409
        assert Reply.objects.count() == 2

    def test_what_residents_said_of_it_stands_there(self, web: Client, need: Need) -> None:
        person = need.requests.get().person
        act(web, need, "reply", text="修好了。", final="on")
        services.judgement_give(
            by=RESIDENT, need=need, person=person, verdict="not", word="还是黑的", at=need.answered_at
        )
        page = web.get(reverse("needs:bench"), {"view": "unsolved", "open": need.code}).content.decode()
        assert "还是黑的" in page

    def test_to_the_pavilion_and_to_a_project(self, web: Client, need: Need) -> None:
        page = act(web, need, "discuss").content.decode()
        assert need.state == State.DISCUSSED
        assert f"/projects/bench/propose/?need={need.code}" in page
        assert act(web, need, "discuss").status_code == 409


class TestTwoAtOnce:
    @pytest.mark.parametrize("what", [*SIMPLE, *(form for form in FORMS if form != "unmerge")])
    def test_the_second_is_told_and_nothing_is_overwritten(
        self, desk: Desk, web: Client, need: Need, reason: ReturnReason, what: str
    ) -> None:
        say("还是黑", desk.estate, need=need)
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=said_at())
        need.refresh_from_db()
        version = need.version
        answer = act(web, need, what, **(filled(desk, need, reason)[what] | {"seen": version - 1}))
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody else has just changed this need" in page
        assert f"Number {need.code}" in page
        assert need.version == version

    def test_what_the_second_wrote_is_still_there_to_be_sent(self, web: Client, need: Need) -> None:
        page = act(web, need, "reply", seen=99, text="很长的答复").content.decode()
        assert "很长的答复</textarea>" in page
        assert act(web, need, "reply", text="很长的答复").status_code == 200
        assert Reply.objects.get().text == "很长的答复"

    def test_without_scripts_it_is_told_on_the_page(self, desk: Desk, web: Client, need: Need) -> None:
        address = reverse("needs:bench_pause", args=[need.code])
        answer = web.post(address, {"seen": 99, "waiting_for": "物业"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "<html" in page
        assert "Somebody else has just changed this need" in page


class TestForms:
    @pytest.mark.parametrize("what", FORMS)
    @pytest.mark.parametrize("junk", ["", "x", "-1", "9" * 30, "字" * 30_000, "\x00", "<b>"])
    def test_nonsense_is_told_and_never_breaks(self, desk: Desk, web: Client, need: Need, what: str, junk: str) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=said_at())
        names = ("category", "urgency", "organisation", "reason", "route_to", "keep", "request")
        answer = act(web, need, what, seen=junk, **dict.fromkeys(names, junk))
        assert answer.status_code in (200, 400, 409, 422)
        assert f"Number {need.code}" in answer.content.decode()

    @pytest.mark.parametrize("what", ["assign", "hand_back", "decline", "pause", "reply"])
    def test_an_empty_form_is_shown_again_where_it_stood(self, desk: Desk, web: Client, need: Need, what: str) -> None:
        services.need_assign(by=desk.by, need=need, organisation=desk.office, at=said_at())
        before = Need.objects.get(pk=need.pk).version
        answer = act(web, need, what)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Something is missing" in page
        assert "<details open><summary" in page
        assert 'aria-invalid="true"' in page
        assert need.version == before

    def test_what_was_written_is_still_there(self, web: Client, need: Need) -> None:
        page = act(web, need, "decline", note="请找城管局。").content.decode()
        assert "请找城管局。</textarea>" in page

    def test_an_answer_longer_than_fits_is_told(self, web: Client, need: Need) -> None:
        assert act(web, need, "reply", text="字" * 4_001).status_code == 422
        assert not Reply.objects.exists()

    def test_a_handler_of_elsewhere_cannot_be_chosen(self, web: Client, need: Need) -> None:
        there = Desk("万正社区")
        assert act(web, need, "assign", organisation=there.office.pk).status_code == 422
        assert not Assignment.objects.exists()

    def test_a_retired_category_cannot_be_chosen(self, web: Client, need: Need) -> None:
        retired = CategoryFactory(active=False)
        assert act(web, need, "sort", category=retired.pk).status_code == 422

    def test_without_scripts_one_is_led_back_with_the_list_as_it_was(self, web: Client, need: Need) -> None:
        address = reverse("needs:bench_pause", args=[need.code]) + "?view=mine&q=灯"
        answer = web.post(address, {"seen": need.version, "waiting_for": "物业"}, follow=True)
        assert answer.redirect_chain == [(f"/bench/needs/{need.code}/?view=mine&q=%E7%81%AF", 302)]
        page = answer.content.decode()
        assert "The clock stands still." in page
        assert 'value="灯"' in page

    @pytest.mark.parametrize("what", [*SIMPLE, *FORMS])
    def test_reading_does_nothing(self, web: Client, need: Need, what: str) -> None:
        assert web.get(reverse(f"needs:bench_{what}", args=[need.code])).status_code == 405

    @pytest.mark.parametrize("what", [*SIMPLE, *FORMS])
    def test_a_need_that_is_not_there(self, web: Client, what: str) -> None:
        for code in ("NOSUCH", "a" * 200):
            assert web.post(reverse(f"needs:bench_{what}", args=[code]), headers=HTMX).status_code == 404
            assert web.post(reverse(f"needs:bench_{what}", args=[code])).status_code == 404


class TestBesideTheColumn:
    def test_the_row_the_counts_and_the_words_are_fresh(self, desk: Desk, web: Client) -> None:
        need = say("灯坏了", desk.estate).need
        page = act(web, need, "sort", "?view=new", urgency="urgent").content.decode()
        row = re.search(rf'hx-swap-oob="innerHTML:#row-{need.code}">(.*?)</article>', page, re.S)
        assert row is not None
        assert "Urgent" in row.group(1)
        assert 'aria-current="true"' in row.group(1)
        assert "?view=new" in row.group(1)
        assert re.search(r'innerHTML:#count-new">\s*0', page)
        assert re.search(r'innerHTML:#count-free">\s*1', page)
        assert re.search(r'innerHTML:#flash"><p class="success">Sorted', page)

    def test_reading_alone_brings_nothing_beside(self, web: Client, need: Need) -> None:
        page = web.get(reverse("needs:bench_need", args=[need.code]), headers=HTMX).content.decode()
        assert "hx-swap-oob" not in page


class TestKeptViews:
    @pytest.mark.parametrize("data", [{}, {"name": " "}, {"name": "字" * 41}, {"name": "\x00"}])
    def test_a_view_needs_a_name(self, web: Client, data: dict[str, str]) -> None:
        answer = web.post(reverse("needs:save_view"), data, follow=True)
        assert answer.status_code == 200
        assert "Give the view a name" in answer.content.decode()
        assert not SavedView.objects.exists()

    def test_forgetting_what_is_gone(self, web: Client) -> None:
        assert web.post(reverse("needs:delete_view", args=[12345])).status_code == 404


def filled(desk: Desk, need: Need, reason: ReturnReason) -> dict[str, dict[str, object]]:
    """A form of each kind that would be taken if nobody else had been there."""
    return {
        "accept": {},
        "resume": {},
        "discuss": {},
        "sort": {"title": "别的"},
        "assign": {"organisation": desk.street.pk},
        "hand_back": {"reason": reason.pk, "note": "不归我们"},
        "decline": {"reason": reason.pk, "note": "不归我们"},
        "pause": {"waiting_for": "物业"},
        "reply": {"text": "修好了"},
        "merge": {"keep": NeedFactory(place=desk.estate).code},
        "split": {"request": [need.requests.order_by("-id").first().pk]},
    }
