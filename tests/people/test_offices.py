"""Organisations, roles, accounts and tokens: only administrators, and only in their own places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.people import AT, AccountFactory, PersonFactory, RoleFactory
from tests.factories.places import make_estate, make_street
from yiting.people import errors
from yiting.people.actors import RESIDENT, system_actor
from yiting.people.models import (
    Account,
    ApiToken,
    Organisation,
    Person,
    PhoneClaim,
    Role,
    RoleKind,
    TokenScope,
)
from yiting.people.queries import (
    get_account_by_phone,
    get_actor,
    get_organisation,
    get_place,
    get_role,
    get_token,
    list_members,
    list_organisations,
    list_role_holders,
    organisation_for_place,
)
from yiting.people.services import (
    account_create,
    account_erase,
    account_password_set,
    account_update,
    organisation_add,
    organisation_close,
    organisation_reopen,
    phone_claim,
    phone_prove,
    role_end,
    role_grant,
    staff_create,
    token_check,
    token_issue,
    token_revoke,
)

SYSTEM = system_actor("test")
WITHOUT_POWER = [kind for kind in RoleKind.values if kind != RoleKind.ADMIN]


def refused_writes(town, by):
    """Every write over 天骄社区 that needs an administrator, as (name, call)."""
    role = RoleFactory(organisation=town.ours)
    token, _plain = token_issue(by=SYSTEM, organisation=town.ours, label="t", scopes=["needs:read"], at=AT)
    worker = town.member("worker", town.ours)
    return {
        "organisation_add": lambda: organisation_add(by=by, kind="community", name="x", place=town.here),
        "organisation_close": lambda: organisation_close(by=by, organisation=town.ours),
        "organisation_reopen": lambda: organisation_reopen(by=by, organisation=town.ours),
        "role_grant": lambda: role_grant(
            by=by, account=worker, kind="street", organisation=town.ours, place=town.here, at=AT
        ),
        "role_end": lambda: role_end(by=by, role=role, at=AT),
        "token_issue": lambda: token_issue(by=by, organisation=town.ours, label="x", scopes=["needs:read"], at=AT),
        "token_revoke": lambda: token_revoke(by=by, token=token, at=AT),
        "account_password_set": lambda: account_password_set(by=by, account=worker, password="correct-horse-10"),
        "staff_create": lambda: staff_create(
            by=by,
            username="newcomer",
            password="correct-horse-10",
            public_name="",
            kind="worker",
            organisation=town.ours,
            place=town.here,
            at=AT,
        ),
    }


@pytest.mark.parametrize("kind", WITHOUT_POWER)
def test_without_an_administrators_role_nothing_is_written(town, kind):
    by = town.actor(kind, town.office)
    for call in refused_writes(town, by).values():
        with pytest.raises(errors.NotAllowed):
            call()
    assert not Account.objects.filter(username="newcomer").exists()


def test_an_administrator_of_another_community_writes_nothing_here(town):
    by = town.actor("admin", town.theirs)
    for call in refused_writes(town, by).values():
        with pytest.raises(errors.NotAllowed):
            call()
    assert not Account.objects.filter(username="newcomer").exists()


@pytest.mark.parametrize("home", ["ours", "office"])
def test_the_administrator_here_and_above_writes_all_of_it(town, home):
    by = town.actor("admin", getattr(town, home))
    for call in refused_writes(town, by).values():
        call()
    assert Account.objects.get(username="newcomer").roles.get().place == town.here


def test_an_administrator_cannot_lend_the_name_of_an_organisation_above(town):
    by = town.actor("admin", town.ours)
    with pytest.raises(errors.NotAllowed):
        role_grant(by=by, account=AccountFactory(), kind="worker", organisation=town.office, place=town.here, at=AT)


def test_an_administrator_cannot_take_over_an_account_that_also_works_elsewhere(town):
    by = town.actor("admin", town.ours)
    account = town.member("worker", town.ours)
    RoleFactory(account=account, organisation=town.office)
    with pytest.raises(errors.NotAllowed):
        account_password_set(by=by, account=account, password="correct-horse-10")
    account_password_set(by=town.actor("admin", town.office), account=account, password="correct-horse-10")
    account.refresh_from_db()
    assert account.check_password("correct-horse-10")


class TestGates:
    def test_what_lies_elsewhere_is_not_there(self, town):
        by = town.actor("admin", town.theirs)
        role = RoleFactory(organisation=town.ours)
        token, _plain = token_issue(by=SYSTEM, organisation=town.ours, label="t", scopes=["needs:read"], at=AT)
        for gate, key in (
            (get_organisation, town.ours.pk),
            (get_role, role.pk),
            (get_token, token.pk),
            (get_place, town.here.pk),
            (get_organisation, 10**9),
            (get_role, 10**9),
            (get_token, 10**9),
            (get_place, 10**9),
        ):
            with pytest.raises(errors.NotYours) as refusal:
                gate(by, key)
            assert refusal.value.status == 404


class TestOrganisations:
    def test_name_kind_parent_and_place_are_looked_at(self, town):
        def add(**changed):
            return organisation_add(
                **{"by": SYSTEM, "kind": "department", "name": "物业办", "place": town.here, **changed}
            )

        assert add(parent=town.office).parent == town.office
        with pytest.raises(errors.OrganisationTaken):
            add()
        with pytest.raises(errors.NameMissing):
            add(name="  ")
        with pytest.raises(errors.NameMissing):
            add(name="长" * 81)
        with pytest.raises(errors.RoleUnknown):
            add(kind="guild")
        with pytest.raises(errors.OrganisationElsewhere):
            add(name="另一个", parent=town.theirs)

    def test_the_office_of_a_place_is_found_upwards(self, town):
        estate = make_estate(community=town.here)
        branch = organisation_add(by=SYSTEM, kind="party_branch", name="支部", place=estate)
        assert organisation_for_place(estate) == town.ours
        assert organisation_for_place(estate, kind="party_branch") == branch
        assert organisation_for_place(town.there) == town.theirs
        organisation_close(by=SYSTEM, organisation=town.ours)
        assert organisation_for_place(estate) == town.office
        assert organisation_for_place(make_street("另一街道", "150602002000")) is None

    def test_the_list_of_a_place_leaves_out_what_rests(self, town):
        assert list_organisations(town.street) == [
            town.office,
            *sorted([town.ours, town.theirs], key=lambda o: o.place.path),
        ]
        assert list_organisations(town.street, kind="street_office") == [town.office]
        organisation_close(by=SYSTEM, organisation=town.office)
        assert town.office not in list_organisations(town.street)
        organisation_reopen(by=SYSTEM, organisation=town.office)
        assert town.office in list_organisations(town.street)


class TestRoles:
    def grant(self, town, **changed):
        known = {"by": SYSTEM, "account": AccountFactory(), "kind": "worker", "place": town.here, "at": AT}
        return role_grant(**{**known, "organisation": town.ours, **changed})

    def test_a_role_begins_today_and_ends_at_once(self, town):
        role = self.grant(town)
        assert role.since_on == AT.date()
        assert get_actor(role.account, AT).works_at(town.here.path)
        role_end(by=SYSTEM, role=role, at=AT)
        assert not get_actor(role.account, AT).is_staff
        with pytest.raises(errors.RoleEnded):
            role_end(by=SYSTEM, role=role, at=AT)

    def test_the_day_is_that_of_the_place_not_of_greenwich(self, town):
        late = AT.replace(hour=18)
        assert self.grant(town, at=late).since_on == AT.date() + timedelta(days=1)

    def test_a_role_that_has_not_begun_can_be_ended(self, town):
        role = role_end(by=SYSTEM, role=self.grant(town, since_on=date(2027, 1, 1)), at=AT)
        assert role.until_on == date(2027, 1, 1)

    def test_the_same_role_is_held_once_but_may_come_back(self, town):
        role = self.grant(town)
        with pytest.raises(errors.RoleHeld):
            self.grant(town, account=role.account)
        role_end(by=SYSTEM, role=role, at=AT)
        assert self.grant(town, account=role.account).pk != role.pk

    def test_wrong_roles_are_refused(self, town):
        with pytest.raises(errors.RoleUnknown):
            self.grant(town, kind="king")
        with pytest.raises(errors.OrganisationNeeded):
            self.grant(town, organisation=None)
        with pytest.raises(errors.RoleDatesWrong):
            self.grant(town, since_on=date(2026, 2, 1), until_on=date(2026, 1, 1))
        resident = self.grant(town, kind="resident", organisation=None)
        with pytest.raises(errors.RoleHeld):
            self.grant(town, account=resident.account, kind="resident", organisation=None)

    def test_nobody_ends_their_own_administration(self, town):
        account = town.member("admin", town.ours)
        with pytest.raises(errors.LastAdministrator):
            role_end(by=get_actor(account, AT), role=account.roles.get(), at=AT)

    def test_who_is_to_be_told_of_a_matter(self, town):
        worker, street = town.member("worker", town.ours), town.member("street", town.office)
        town.member("worker", town.theirs)
        estate = make_estate(community=town.here)
        assert list_role_holders(estate, ["worker", "street"], AT) == sorted([worker, street], key=lambda a: a.pk)
        assert list_members(town.ours, AT) == [worker]


class TestAccounts:
    def create(self, **changed):
        return account_create(
            **{"by": SYSTEM, "username": "wang.li", "password": "correct-horse-9", "at": AT, **changed}
        )

    def test_an_account_needs_no_e_mail(self, db):
        account = self.create(public_name=" 王丽 ")
        assert account.check_password("correct-horse-9")
        assert (account.public_name, account.created_at, account.is_active) == ("王丽", AT, True)
        assert not hasattr(account, "email")

    def test_without_a_password_only_a_code_opens_it(self, db):
        account = self.create(password=None, phone="13800138000")
        assert not account.has_usable_password()
        assert get_account_by_phone("138 0013 8000") == account

    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"username": "Wang.Li"}, errors.UsernameTaken),
            ({"username": ""}, errors.UsernameInvalid),
            ({"username": "two words"}, errors.UsernameInvalid),
            ({"username": "x" * 61}, errors.UsernameInvalid),
            ({"username": "13800138000"}, errors.UsernameIsPhone),
            ({"username": "other", "password": "12345678"}, errors.PasswordWeak),
            ({"username": "other", "phone": "123"}, errors.PhoneInvalid),
            ({"username": "other", "by": RESIDENT}, errors.NotAllowed),
        ],
    )
    def test_what_is_refused_leaves_no_account(self, db, changed, refusal):
        self.create()
        with pytest.raises(refusal):
            self.create(**changed)
        assert Account.objects.count() == 1

    def test_one_changes_ones_own_account_only(self, db):
        account = AccountFactory()
        account_update(by=get_actor(account, AT), account=account, public_name="老王", language="en")
        account.refresh_from_db()
        assert (account.public_name, account.language) == ("老王", "en")
        with pytest.raises(errors.NotAllowed):
            account_update(by=SYSTEM, account=account, public_name="x")

    def test_a_closed_account_keeps_nothing(self, db):
        account = AccountFactory(public_name="老王")
        person = PersonFactory(account=account, phone="13800138000")
        RoleFactory(account=account, kind=RoleKind.RESIDENT)
        account_erase(by=get_actor(account, AT), account=account, at=AT)
        account.refresh_from_db()
        person.refresh_from_db()
        assert not account.is_active
        assert not account.has_usable_password()
        assert account.public_name == ""
        assert account.username.startswith("gone-")
        assert person.erased_at == AT
        assert get_account_by_phone("13800138000") is None
        assert not Role.objects.filter(until_on=None).exists()

    def test_whoever_works_here_is_asked_to_end_that_first(self, town):
        account = town.member("worker", town.ours)
        with pytest.raises(errors.AccountAtWork):
            account_erase(by=get_actor(account, AT), account=account, at=AT)
        with pytest.raises(errors.NotAllowed):
            account_erase(by=RESIDENT, account=account, at=AT)


class TestProvingANumber:
    def test_what_was_told_before_from_that_number_becomes_the_accounts(self, db):
        voice = PersonFactory(phone="13800138000", name="张秀英")
        account = AccountFactory()
        phone_claim(account=account, phone="13800138000", at=AT)
        assert Person.objects.get(pk=voice.pk).account is None
        assert phone_prove(account=account, phone="13800138000", at=AT) == voice
        assert Person.objects.get(pk=voice.pk).account == account
        assert not PhoneClaim.objects.exists()
        assert get_account_by_phone("13800138000") == account

    def test_a_new_number_replaces_the_old_one(self, db):
        account = AccountFactory()
        phone_prove(account=account, phone="13800138000", at=AT)
        phone_prove(account=account, phone="13900139000", at=AT)
        assert get_account_by_phone("13800138000") is None
        assert get_account_by_phone("13900139000") == account
        assert Person.objects.count() == 1

    def test_another_accounts_number_cannot_be_taken(self, db):
        phone_prove(account=AccountFactory(), phone="13800138000", at=AT)
        with pytest.raises(errors.PhoneTaken):
            phone_prove(account=AccountFactory(), phone="13800138000", at=AT)

    def test_two_voices_are_not_made_one_behind_their_backs(self, db):
        PersonFactory(phone="13800138000")
        account = AccountFactory()
        PersonFactory(account=account)
        with pytest.raises(errors.PhoneTaken):
            phone_prove(account=account, phone="13800138000", at=AT)

    def test_proving_ends_the_claims_of_others(self, db):
        phone_claim(account=AccountFactory(), phone="13800138000", at=AT)
        account = AccountFactory()
        phone_prove(account=account, phone="13800138000", at=AT)
        assert get_account_by_phone("13800138000") == account
        assert not PhoneClaim.objects.exists()


class TestTokens:
    def issue(self, town, scopes=(TokenScope.READ,)):
        return token_issue(by=SYSTEM, organisation=town.ours, label="物业系统", scopes=list(scopes), at=AT)

    def test_only_the_hash_is_kept_and_the_plain_text_opens(self, town):
        token, plain = self.issue(town)
        assert plain not in str(ApiToken.objects.filter(pk=token.pk).values().get())
        found, actor = token_check(plain, AT)
        assert found == token
        assert not actor.is_staff
        assert actor.label == "api:天骄社区居委会"

    def test_only_the_scope_of_work_makes_a_worker_and_only_there(self, town):
        _token, plain = self.issue(town, [TokenScope.WORK, TokenScope.READ])
        _found, actor = token_check(plain, AT)
        assert actor.works_at(town.here.path)
        assert not actor.works_at(town.there.path)
        assert not actor.is_admin
        assert actor.role_label == "worker@天骄社区居委会"

    def test_wrong_revoked_and_resting_tokens_are_unknown(self, town):
        token, plain = self.issue(town)
        for wrong in (
            "",
            "yt_",
            "yt_a_b_c",
            plain[:-1] + "?",
            "xx" + plain[2:],
            plain.replace(token.prefix, "ZZZZZZZZ"),
        ):
            with pytest.raises(errors.TokenUnknown):
                token_check(wrong, AT)
        organisation_close(by=SYSTEM, organisation=town.ours)
        with pytest.raises(errors.TokenUnknown):
            token_check(plain, AT)
        organisation_reopen(by=SYSTEM, organisation=Organisation.objects.get(pk=town.ours.pk))
        token_revoke(by=SYSTEM, token=token, at=AT)
        token_revoke(by=SYSTEM, token=token, at=AT + timedelta(days=1))
        assert ApiToken.objects.get(pk=token.pk).revoked_at == AT
        with pytest.raises(errors.TokenUnknown):
            token_check(plain, AT)

    def test_use_is_noted_at_most_once_a_minute(self, town, django_assert_num_queries):
        token, plain = self.issue(town)
        token_check(plain, AT)
        with django_assert_num_queries(1):
            token_check(plain, AT + timedelta(seconds=30))
        token_check(plain, AT + timedelta(minutes=2))
        assert ApiToken.objects.get(pk=token.pk).last_used_at == AT + timedelta(minutes=2)

    def test_label_and_scopes_are_looked_at(self, town):
        for scopes in ([], ["everything"]):
            with pytest.raises(errors.ScopeUnknown):
                self.issue(town, scopes)
        with pytest.raises(errors.NameMissing):
            token_issue(by=SYSTEM, organisation=town.ours, label=" ", scopes=["needs:read"], at=AT)
