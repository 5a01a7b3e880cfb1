"""Pages of people: marks, one's own page, and the administrator's lists in a fixed number of queries."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from tests.factories.people import AT, AccountFactory, OrganisationFactory, PersonFactory, RoleFactory
from tests.factories.places import make_estate
from yiting.people import urls
from yiting.people.actors import system_actor
from yiting.people.models import Account, ApiToken, Organisation, Person, PersonalReading, Role, RoleKind
from yiting.people.services import personal_read, token_check, token_issue

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
DESK = ["accounts", "account_add", "organisations", "tokens"]


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def desk(client, town):
    """The browser of the administrator of 天骄社区."""
    client.force_login(town.member("admin", town.ours))
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def test_every_view_carries_a_mark():
    assert urls.urlpatterns
    for pattern in urls.urlpatterns:
        assert pattern.callback.access in {"signed_in", "staff", "admin"}, pattern.name
    assert get_resolver()


class TestGates:
    @pytest.mark.parametrize("name", [*DESK, "me", "export", "erase_ask", "homes"])
    def test_visitors_are_asked_to_sign_in(self, client, name):
        answer = client.get(reverse(f"people:{name}"))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))

    @pytest.mark.parametrize("kind", [kind for kind in RoleKind.values if kind != "admin"])
    @pytest.mark.parametrize("name", DESK)
    def test_the_administrators_pages_are_not_there_for_others(self, client, town, kind, name):
        client.force_login(town.member(kind, town.office))
        assert client.get(reverse(f"people:{name}")).status_code == 404

    def test_what_lies_in_another_community_is_not_there(self, desk, town):
        other = town.member("worker", town.theirs)
        token, _plain = token_issue(by=SYSTEM, organisation=town.theirs, label="t", scopes=["needs:read"], at=AT)
        assert desk.get(reverse("people:account", args=[other.pk])).status_code == 404
        for name, key in (
            ("account_password", other.pk),
            ("role_end", other.roles.get().pk),
            ("organisation_rest", town.theirs.pk),
            ("token_revoke", token.pk),
        ):
            assert desk.post(reverse(f"people:{name}", args=[key]), {"password": "correct-horse-10"}).status_code == 404
        assert Role.objects.get(account=other).until_on is None
        assert Organisation.objects.get(pk=town.theirs.pk).active
        assert ApiToken.objects.get(pk=token.pk).revoked_at is None

    def test_another_communitys_choices_are_not_choices(self, desk, town):
        answer = desk.post(
            reverse("people:account_add"),
            {
                "username": "newcomer",
                "password": "correct-horse-10",
                "kind": "worker",
                "organisation": town.theirs.pk,
                "place": town.there.pk,
            },
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"organisation", "place"}
        assert not Account.objects.filter(username="newcomer").exists()


class TestMine:
    @pytest.fixture
    def mine(self, client):
        person = PersonFactory(account=AccountFactory(public_name="老张"), phone="13800138000", name="张秀英")
        client.force_login(person.account)
        return person

    def test_it_shows_what_is_kept_and_who_looked(self, client, mine, town):
        worker = town.actor("worker", town.ours)
        personal_read(by=worker, person=mine, purpose="回电话", at=AT, place_path=town.here.path)
        page = text_of(client.get(reverse("people:me")))
        for shown in ("张秀英", "138****8000", "老张", "天骄社区居委会", "回电话"):
            assert shown in page
        assert "13800138000" not in page
        assert PersonalReading.objects.count() == 1

    def test_name_and_language_are_changed(self, client, mine):
        answer = client.post(reverse("people:me"), {"public_name": "", "name": "张秀兰", "language": "en"})
        assert answer.status_code == 302
        assert answer.cookies["django_language"].value == "en"
        mine.account.refresh_from_db()
        assert (mine.account.public_name, mine.account.language) == ("", "en")
        assert "张秀兰" in text_of(client.get(reverse("people:me")))

    def test_a_first_name_makes_a_person(self, client):
        account = AccountFactory()
        client.force_login(account)
        assert client.get(reverse("people:me")).status_code == 200
        client.post(reverse("people:me"), {"public_name": "", "name": "李雷", "language": "zh-hans"})
        assert Person.objects.get(account=account).record.name
        assert "李雷" in text_of(client.get(reverse("people:me")))

    def test_a_wrong_form_is_shown_again(self, client, mine):
        answer = client.post(reverse("people:me"), {"public_name": "长" * 41, "language": "fr"})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"public_name", "language"}

    def test_the_copy_is_a_file(self, client, mine):
        answer = client.get(reverse("people:export"))
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "no-store"
        assert json.loads(answer.content)["person"]["phone"] == "+8613800138000"

    def test_an_account_without_a_person_has_a_copy_too(self, client):
        client.force_login(AccountFactory(username="lilei"))
        assert json.loads(client.get(reverse("people:export")).content)["account"] == {"username": "lilei"}

    def test_erasing_is_asked_before_and_closes_the_account(self, client, mine):
        assert client.get(reverse("people:erase_ask")).status_code == 200
        assert client.get(reverse("people:erase")).status_code == 405
        assert not Person.objects.get(pk=mine.pk).erased_at
        client.post(reverse("people:erase"))
        assert Person.objects.get(pk=mine.pk).erased_at
        assert not Account.objects.get(pk=mine.account_id).is_active
        assert "_auth_user_id" not in client.session

    def test_who_works_here_keeps_the_account(self, client, town):
        account = town.member("worker", town.ours)
        person = PersonFactory(account=account, name="李")
        client.force_login(account)
        assert client.post(reverse("people:erase")).url == reverse("people:me")
        assert Person.objects.get(pk=person.pk).erased_at
        assert Account.objects.get(pk=account.pk).is_active
        assert client.post(reverse("people:erase")).url == reverse("people:me")


class TestDesk:
    def test_an_account_is_made_with_its_role(self, desk, town):
        answer = desk.post(
            reverse("people:account_add"),
            {
                "username": "newcomer",
                "public_name": "小王",
                "password": "correct-horse-10",
                "phone": "138 0013 8000",
                "kind": "worker",
                "organisation": town.ours.pk,
                "place": town.here.pk,
            },
        )
        account = Account.objects.get(username="newcomer")
        assert answer.url == reverse("people:account", args=[account.pk])
        assert account.roles.get().organisation == town.ours
        assert account.phone_claim
        assert "小王" in text_of(desk.get(reverse("people:accounts")))

    def test_a_refusal_stands_on_the_form(self, desk, town):
        AccountFactory(username="taken")
        answer = desk.post(
            reverse("people:account_add"),
            {
                "username": "taken",
                "password": "correct-horse-10",
                "kind": "worker",
                "organisation": town.ours.pk,
                "place": town.here.pk,
            },
        )
        assert answer.status_code == 422
        assert "taken" in str(answer.context["form"].non_field_errors())

    def test_roles_are_given_and_ended(self, desk, town):
        account = town.member("worker", town.ours)
        address = reverse("people:account", args=[account.pk])
        given = {
            "kind": "deputy",
            "organisation": town.ours.pk,
            "place": town.here.pk,
            "since_on": "2026-01-01",
        }
        assert desk.post(address, given).status_code == 302
        assert desk.post(address, given).status_code == 422
        assert account.roles.count() == 2
        desk.post(reverse("people:role_end", args=[account.roles.get(kind="deputy").pk]))
        assert account.roles.get(kind="deputy").until_on
        assert desk.get(address).status_code == 200

    def test_whoever_held_a_role_can_be_found_again(self, desk, town):
        account = town.member("worker", town.ours)
        desk.post(reverse("people:role_end", args=[account.roles.get().pk]))
        assert account.username in text_of(desk.get(reverse("people:accounts")))
        assert desk.get(reverse("people:account", args=[account.pk])).status_code == 200

    def test_a_forgotten_password_is_replaced(self, desk, town):
        account = town.member("worker", town.ours)
        desk.post(reverse("people:account_password", args=[account.pk]), {"password": "correct-horse-10"})
        account.refresh_from_db()
        assert account.check_password("correct-horse-10")
        assert (
            desk.post(reverse("people:account_password", args=[account.pk]), {"password": "12345"}).status_code == 400
        )

    def test_organisations_are_added_and_rest(self, desk, town):
        added = {"kind": "department", "name": "物业办", "place": town.here.pk, "parent": town.ours.pk}
        assert desk.post(reverse("people:organisations"), added).status_code == 302
        assert desk.post(reverse("people:organisations"), added).status_code == 422
        organisation = Organisation.objects.get(name="物业办")
        assert organisation.parent == town.ours
        for active in (False, True):
            desk.post(reverse("people:organisation_rest", args=[organisation.pk]))
            organisation.refresh_from_db()
            assert organisation.active is active
        assert "物业办" in text_of(desk.get(reverse("people:organisations")))

    def test_a_token_is_shown_once(self, desk, town):
        given = {"organisation": town.ours.pk, "label": "物业系统", "scopes": ["requests:file"]}
        answer = desk.post(reverse("people:tokens"), given)
        plain = answer.context["plain"]
        assert plain in text_of(answer)
        assert answer["Cache-Control"] == "no-store"
        assert token_check(plain, AT)[0].label == "物业系统"
        again = text_of(desk.get(reverse("people:tokens")))
        assert plain not in again
        assert "物业系统" in again
        desk.post(reverse("people:token_revoke", args=[ApiToken.objects.get().pk]))
        assert ApiToken.objects.get().revoked_at
        assert desk.post(reverse("people:tokens"), {**given, "scopes": []}).status_code == 422

    def test_names_are_searched(self, desk, town):
        RoleFactory(account=AccountFactory(username="zhaomin", public_name="赵敏"), organisation=town.ours)
        page = text_of(desk.get(reverse("people:accounts"), {"q": "赵"}))
        assert "zhaomin" in page
        assert "zhaomin" not in text_of(desk.get(reverse("people:accounts"), {"q": "nobody"}))

    def test_pages_offer_the_places_and_organisations_of_the_administrator_only(self, desk, town):
        make_estate("仁和家园", town.here)
        page = text_of(desk.get(reverse("people:organisations")))
        assert "仁和家园" in page
        assert "万正社区" not in page

    @pytest.mark.parametrize("name", ["accounts", "organisations", "tokens"])
    def test_the_number_of_queries_does_not_grow(self, desk, town, name, django_assert_num_queries):
        def fill(count):
            for number in range(count):
                account = AccountFactory()
                RoleFactory(account=account, organisation=town.ours)
                RoleFactory(account=account, organisation=town.ours, kind="deputy")
                place = make_estate(community=town.here)
                OrganisationFactory(place=place, parent=town.ours)
                token_issue(by=SYSTEM, organisation=town.ours, label=f"t{number}", scopes=["needs:read"], at=AT)

        address = reverse(f"people:{name}")
        fill(3)
        desk.get(address)
        with CaptureQueriesContext(connection) as few:
            desk.get(address)
        fill(27)
        with django_assert_num_queries(len(few)):
            assert desk.get(address).status_code == 200

    def test_ones_own_page_costs_the_same_with_many_roles(self, client, town, django_assert_num_queries):
        account = town.member("worker", town.ours)
        PersonFactory(account=account, phone="13800138000")
        client.force_login(account)
        client.get(reverse("people:me"))
        with CaptureQueriesContext(connection) as few:
            client.get(reverse("people:me"))
        for kind in ("deputy", "alliance", "street"):
            RoleFactory(account=account, organisation=town.ours, kind=kind)
        with django_assert_num_queries(len(few)):
            client.get(reverse("people:me"))
