"""Signing in: by code, by password, with a second factor; the lockout; no e-mail anywhere."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories.people import AT, AccountFactory, PersonFactory
from yiting.people.models import Account, Person, PhoneClaim
from yiting.people.queries import get_account_by_phone
from yiting.people.senders import ConsoleSender, SmsSender, sms_sender
from yiting.people.services import phone_claim
from yiting.web.signin import providers

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-9"


@pytest.fixture(autouse=True)
def fresh_counts():
    """Rate limits are counted in the cache."""
    cache.clear()


def code_in(text: str) -> str:
    return re.search(r"\b(\d{6})\b", text).group(1)


def wrong_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def signed_in_as(client) -> int | None:
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


class TestByCode:
    def ask(self, client, phone="138 0013 8000", **extra):
        return client.post(reverse("account_request_login_code"), {"phone": phone, **extra})

    def test_number_and_code_sign_in(self, client, texts):
        person = PersonFactory(account=AccountFactory(), phone="13800138000")
        answer = self.ask(client)
        assert answer.url == reverse("account_confirm_login_code")
        [(number, text)] = texts
        assert number == "+8613800138000"
        page = client.get(answer.url).content.decode()
        assert "138****8000" in page
        assert "13800138000" not in page
        answer = client.post(answer.url, {"code": code_in(text)})
        assert signed_in_as(client) == person.account.pk
        assert answer.url == reverse("people:me")

    def test_a_number_written_by_an_administrator_is_proved_by_the_first_code(self, client, texts):
        account = AccountFactory()
        phone_claim(account=account, phone="13800138000", at=AT)
        self.ask(client)
        client.post(reverse("account_confirm_login_code"), {"code": code_in(texts[0][1])})
        assert signed_in_as(client) == account.pk
        assert Person.objects.get(account=account).record.phone_verified_at
        assert not PhoneClaim.objects.exists()

    def test_wrong_codes_end_the_attempt(self, client, texts):
        PersonFactory(account=AccountFactory(), phone="13800138000")
        self.ask(client)
        confirm = reverse("account_confirm_login_code")
        code = code_in(texts[0][1])
        for _try in range(3):
            client.post(confirm, {"code": wrong_code(code)})
        client.post(confirm, {"code": code})
        assert signed_in_as(client) is None

    def test_an_unknown_number_looks_the_same_and_gets_a_text_with_the_way_in(self, client, texts):
        answer = self.ask(client, "13900139000")
        assert answer.url == reverse("account_confirm_login_code")
        assert client.get(answer.url).status_code == 200
        [(number, text)] = texts
        assert number == "+8613900139000"
        assert reverse("account_signup") in text
        assert signed_in_as(client) is None

    def test_a_voice_without_an_account_cannot_sign_in(self, client, texts):
        PersonFactory(phone="13800138000")
        self.ask(client)
        assert not re.search(r"\b\d{6}\b", texts[0][1])

    @pytest.mark.parametrize("number", ["", "123", "0477-8581234"])
    def test_what_no_text_reaches_is_said_kindly(self, client, texts, number):
        answer = self.ask(client, number)
        assert answer.status_code == 200
        assert answer.context["form"].errors["phone"]
        assert not texts

    def test_asking_again_and_again_is_slowed_down(self, texts):
        PersonFactory(account=AccountFactory(), phone="13800138000")
        for _try in range(5):
            answer = self.ask(Client())
        assert answer.status_code == 200
        assert len(texts) == 3

    def test_one_lands_where_one_was_going(self, client, texts):
        PersonFactory(account=AccountFactory(), phone="13800138000")
        going = reverse("people:export")
        answer = client.get(going)
        assert answer.url.startswith(reverse("account_login"))
        self.ask(client, next=going)
        answer = client.post(reverse("account_confirm_login_code"), {"code": code_in(texts[0][1]), "next": going})
        assert answer.url == going


class TestSigningUp:
    def sign_up(self, client, phone="13800138000"):
        return client.post(reverse("account_signup"), {"phone": phone})

    def test_a_number_is_all_it_takes(self, client, texts):
        answer = self.sign_up(client)
        assert answer.url == reverse("account_verify_phone")
        account = Account.objects.get()
        assert account.username.startswith("r-")
        assert not account.has_usable_password()
        assert signed_in_as(client) is None
        assert client.get(answer.url).status_code == 200
        client.post(answer.url, {"code": code_in(texts[0][1])})
        assert signed_in_as(client) == account.pk
        assert get_account_by_phone("13800138000") == account

    def test_until_the_code_came_nothing_told_before_belongs_to_the_account(self, client, texts):
        voice = PersonFactory(phone="13800138000", name="张秀英")
        self.sign_up(client)
        assert Person.objects.get(pk=voice.pk).account is None
        client.post(reverse("account_verify_phone"), {"code": code_in(texts[0][1])})
        assert Person.objects.get(pk=voice.pk).account == Account.objects.get()

    def test_who_has_an_account_already_is_told_so_by_text_only(self, client, texts):
        PersonFactory(account=AccountFactory(), phone="13800138000")
        answer = self.sign_up(client)
        assert answer.url == reverse("account_verify_phone")
        assert client.get(answer.url).status_code == 200
        assert reverse("account_login") in texts[0][1]
        assert Account.objects.count() == 1

    def test_the_form_asks_for_the_number_alone(self, client):
        assert list(client.get(reverse("account_signup")).context["form"].fields) == ["phone"]


class TestChangingTheNumber:
    def change(self, client, texts, phone):
        client.post(reverse("account_change_phone"), {"phone": phone})
        return client.post(reverse("account_verify_phone"), {"code": code_in(texts[-1][1])})

    def test_a_new_number_is_proved_before_it_counts(self, client, texts):
        account = AccountFactory()
        client.force_login(account)
        client.post(reverse("account_change_phone"), {"phone": "13800138000"})
        assert get_account_by_phone("13800138000") is None
        client.post(reverse("account_verify_phone"), {"code": code_in(texts[0][1])})
        assert get_account_by_phone("13800138000") == account
        assert "138****8000" in client.get(reverse("account_change_phone")).content.decode()

    def test_another_voices_number_is_refused_to_its_holder_only_after_the_code(self, client, texts):
        PersonFactory(phone="13800138000")
        account = AccountFactory()
        PersonFactory(account=account)
        client.force_login(account)
        answer = self.change(client, texts, "13800138000")
        assert answer.status_code == 200
        assert answer.context["form"].errors["code"]
        assert get_account_by_phone("13800138000") is None


class TestByPassword:
    def sign_in(self, client, login, password=PASSWORD):
        return client.post(reverse("account_login"), {"login": login, "password": password})

    def test_name_and_password_sign_in(self, client):
        account = AccountFactory(username="wangli")
        assert self.sign_in(client, "WangLi").url == reverse("people:me")
        assert signed_in_as(client) == account.pk

    def test_number_and_password_sign_in(self, client):
        person = PersonFactory(account=AccountFactory(), phone="13800138000")
        self.sign_in(client, "138 0013 8000")
        assert signed_in_as(client) == person.account.pk

    def test_a_wrong_password_is_said_kindly(self, client):
        AccountFactory(username="wangli")
        answer = self.sign_in(client, "wangli", "wrong")
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors()
        assert signed_in_as(client) is None

    def test_a_name_far_too_long_is_said_kindly(self, client):
        answer = self.sign_in(client, "字" * 100_000)
        assert answer.status_code == 200
        assert answer.context["form"].errors["login"]

    def test_a_closed_account_stays_outside(self, client):
        AccountFactory(username="wangli", is_active=False)
        self.sign_in(client, "wangli")
        assert signed_in_as(client) is None


class TestLockout:
    @pytest.fixture(autouse=True)
    def switched_on(self, settings):
        settings.AXES_ENABLED = True

    def fail(self, client, login, times):
        for _try in range(times):
            answer = client.post(reverse("account_login"), {"login": login, "password": "wrong"})
        return answer

    def test_five_wrong_passwords_close_the_door(self, client):
        AccountFactory(username="wangli")
        assert self.fail(client, "wangli", 4).status_code == 200
        assert self.fail(client, "wangli", 1).status_code == 429
        answer = client.post(reverse("account_login"), {"login": "wangli", "password": PASSWORD})
        assert answer.status_code == 429
        assert signed_in_as(client) is None
        assert reverse("account_login") in answer.content.decode()

    def test_the_code_stays_open(self, client, texts):
        person = PersonFactory(account=AccountFactory(username="wangli"), phone="13800138000")
        self.fail(client, "wangli", 6)
        client.post(reverse("account_request_login_code"), {"phone": "13800138000"})
        client.post(reverse("account_confirm_login_code"), {"code": code_in(texts[0][1])})
        assert signed_in_as(client) == person.account.pk

    def test_name_and_number_are_one_door(self, client):
        PersonFactory(account=AccountFactory(username="wangli"), phone="13800138000")
        self.fail(client, "wangli", 3)
        assert self.fail(client, "138-0013-8000", 2).status_code == 429

    def test_others_are_not_locked_out(self, client):
        AccountFactory(username="wangli")
        other = AccountFactory(username="zhaomin")
        self.fail(client, "wangli", 5)
        client.post(reverse("account_login"), {"login": "zhaomin", "password": PASSWORD})
        assert signed_in_as(client) == other.pk

    def test_success_forgets_the_failures(self, client):
        AccountFactory(username="wangli")
        self.fail(client, "wangli", 4)
        client.post(reverse("account_login"), {"login": "wangli", "password": PASSWORD})
        client.post(reverse("account_logout"))
        assert self.fail(client, "wangli", 4).status_code == 200

    def test_what_is_kept_of_an_attempt_shows_no_number(self, client):
        self.fail(client, "13800138000", 2)
        kept = str(list(AccessAttempt.objects.values()))
        assert "138001" not in kept
        assert "wrong" not in kept


class TestSecondFactor:
    def test_a_code_from_an_authenticator_is_asked_for_and_its_secret_is_sealed(self, client):
        account = AccountFactory(username="wangli")
        secret = generate_totp_secret()
        TOTP.activate(account, secret)
        assert secret not in str(Authenticator.objects.values().get())
        answer = client.post(reverse("account_login"), {"login": "wangli", "password": PASSWORD})
        assert answer.url == reverse("mfa_authenticate")
        assert signed_in_as(client) is None
        assert client.get(answer.url).status_code == 200
        counter = next(iter(yield_hotp_counters_from_time()))
        client.post(answer.url, {"code": format_hotp_value(hotp_value(secret, counter))})
        assert signed_in_as(client) == account.pk

    @pytest.mark.parametrize(
        ("host", "address", "button"),
        [
            ("localhost:8000", "", True),
            ("127.0.0.1:8000", "http://localhost:8000/accounts/login/", False),
            ("[::1]:8000", "http://localhost:8000/accounts/login/", False),
            ("10.0.0.7", "", False),
        ],
    )
    def test_a_passkey_is_asked_for_only_where_browsers_keep_one(self, client, settings, host, address, button):
        settings.ALLOWED_HOSTS = ["*"]
        page = client.get(reverse("account_login"), headers={"host": host}).content.decode()
        assert ('id="passkey_login"' in page) is button
        assert (f'href="{address}"' in page) is bool(address)

    def test_where_no_passkey_can_be_kept_the_page_says_where_to_go(self, client, settings):
        settings.ALLOWED_HOSTS = ["*"]
        AccountFactory(username="wangli")
        client.post(reverse("account_login"), {"login": "wangli", "password": PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        told = {}
        for host in ("localhost", "127.0.0.1:8000", "10.0.0.7"):
            page = client.get(reverse("mfa_add_webauthn"), headers={"host": host})
            assert page.status_code == 200
            told[host] = page.content.decode()
        assert 'role="alert"' not in told["localhost"]
        assert 'href="http://localhost:8000/accounts/2fa/webauthn/add/"' in told["127.0.0.1:8000"]
        assert 'role="alert"' in told["10.0.0.7"]

    def test_sealed_secrets_open_again(self):
        adapter = get_mfa_adapter()
        assert adapter.decrypt(adapter.encrypt("JBSWY3DPEHPK3PXP")) == "JBSWY3DPEHPK3PXP"

    @pytest.mark.parametrize(
        "name",
        [
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_list_webauthn",
            "mfa_generate_recovery_codes",
        ],
    )
    def test_the_pages_for_it_stand_in_our_look(self, client, name):
        account = AccountFactory(username="wangli")
        if name == "mfa_generate_recovery_codes":
            secret = generate_totp_secret()
            TOTP.activate(account, secret)
        client.post(reverse("account_login"), {"login": "wangli", "password": PASSWORD})
        if name == "mfa_generate_recovery_codes":
            counter = next(iter(yield_hotp_counters_from_time()))
            client.post(reverse("mfa_authenticate"), {"code": format_hotp_value(hotp_value(secret, counter))})
        answer = client.get(reverse(name))
        if answer.status_code == 302:
            answer = client.post(answer.url, {"password": PASSWORD}, follow=True)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert 'id="main"' in page
        assert "<h1" in page


class TestNoEmail:
    @pytest.mark.parametrize("name", ["account_email", "account_reset_password", "account_email_verification_sent"])
    def test_there_is_no_page_about_it(self, name):
        with pytest.raises(NoReverseMatch):
            reverse(name)

    def test_the_page_to_sign_in_offers_two_ways_and_no_mail(self, client):
        page = client.get(reverse("account_login")).content.decode()
        assert 'name="phone"' in page
        assert 'name="login"' in page
        assert 'type="email"' not in page
        assert 'name="email"' not in page


class TestThroughOthers:
    def test_nothing_is_offered_unless_the_environment_names_it(self):
        none = providers({"YITING_OIDC_SERVER": "https://sso.example", "YITING_WEIXIN_APP_ID": "wx1"})
        assert (none.apps, none.settings, none.origins) == ([], {}, [])

    def test_both_when_named(self):
        both = providers(
            {
                "YITING_OIDC_SERVER": "https://sso.nmg.example/realms/gov",
                "YITING_OIDC_CLIENT_ID": "yiting",
                "YITING_OIDC_SECRET": "s",
                "YITING_WEIXIN_APP_ID": "wx1",
                "YITING_WEIXIN_SECRET": "s",
            }
        )
        assert len(both.apps) == 2
        [app] = both.settings["openid_connect"]["APPS"]
        assert app["name"] == "sso.nmg.example"
        assert both.settings["openid_connect"]["SCOPE"] == ["openid"]
        assert both.settings["weixin"]["APPS"][0]["client_id"] == "wx1"
        assert both.origins == ["https://sso.nmg.example", "https://open.weixin.qq.com"]

    def test_what_others_tell_about_somebody_is_not_kept(self, rf):
        login = SimpleNamespace(
            user=Account(),
            account=SimpleNamespace(extra_data={"nickname": "老王"}),
            email_addresses=["a@b.example"],
        )
        account = get_social_adapter().populate_user(rf.get("/"), login, {"email": "a@b.example", "username": "老王"})
        assert (account.username, login.account.extra_data, login.email_addresses) == ("", {}, [])


class TestSenders:
    def test_the_console_prints(self, capsys):
        sender = sms_sender()
        assert isinstance(sender, ConsoleSender)
        assert isinstance(sender, SmsSender)
        sender.send("+8613800138000", "123456")
        assert "[SMS +8613800138000] 123456" in capsys.readouterr().err
