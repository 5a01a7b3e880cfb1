"""What django-allauth asks of us: telephone numbers, text messages, sealed secrets, and no e-mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiting.people import cipher
from yiting.people.forms.fields import PhoneField
from yiting.people.models import Account
from yiting.people.phones import is_phone
from yiting.people.queries import get_account_by_phone, get_account_phone, get_actor
from yiting.people.senders import sms_sender
from yiting.people.services import phone_claim, phone_prove
from yiting.places import clock

# Letters and digits that cannot be taken for one another, for the names of those who sign up by telephone.
_PLAIN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts that sign in by name and password, or by telephone number and a one-time code."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The name and the password do not fit together. Please try again."),
        "phone_password_mismatch": gettext_lazy("The number and the password do not fit together. Please try again."),
        "incorrect_code": gettext_lazy("This code is not the one we sent. Please look at the message again."),
        "too_many_login_attempts": gettext_lazy("Tried too often. Please wait five minutes and try again."),
        "rate_limited": gettext_lazy("That was too fast. Please wait a minute and try again."),
        "username_taken": gettext_lazy("This user name is taken. Please choose another."),
        "phone_taken": gettext_lazy(
            "This number is already used here. Sign in with it instead, or ask your community worker."
        ),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever works here goes to the workbench, everybody else to their own page."""
        return reverse("needs:bench" if get_actor(request.user).is_staff else "people:me")

    def new_user(self, request: HttpRequest) -> Account:
        """An account that knows when it was made."""
        return Account(created_at=clock.now())

    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Give whoever signs up by telephone or through others a name that says nothing about them."""
        if isinstance(user, Account) and not user.username:
            user.username = f"r-{get_random_string(10, _PLAIN_SIGNS)}"

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Refuse telephone numbers as user names: they would be shown, and would be ambiguous."""
        if username and is_phone(username):
            raise ValidationError(_("A telephone number cannot be a user name. Please choose a word or a name."))
        return str(super().clean_username(username, shallow=shallow))

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """The field that takes numbers as people write them here."""
        return PhoneField(**kwargs)

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        """Keep the number given at sign-up until the code proves it."""
        account = _account(user)
        if verified:
            phone_prove(account=account, phone=phone, at=clock.now())
        else:
            phone_claim(account=account, phone=phone, at=clock.now())

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        """The number of an account and whether it was proved."""
        return get_account_phone(_account(user))

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        """The code was right: the number is this account's."""
        phone_prove(account=_account(user), phone=phone, at=clock.now())

    def get_user_by_phone(self, phone: str) -> Account | None:
        """The account that signs in with this number."""
        account = get_account_by_phone(phone)
        return account if account is not None and account.is_active else None

    def send_verification_code_sms(self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any) -> None:
        """Send the code."""
        text = _("%(code)s is your code for Yiting. It holds for a few minutes. Tell nobody: we never ask for it.")
        sms_sender().send(phone, text % {"code": code})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Tell the owner of a number that no account has it; the page does not, so that nobody can probe."""
        link = self.request.build_absolute_uri(reverse("account_signup")) if self.request else ""
        text = _("Somebody wanted to sign in at Yiting with this number. It has no account yet; make one: %(link)s")
        sms_sender().send(phone, text % {"link": link})

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Tell the owner of a number that there is an account already."""
        link = self.request.build_absolute_uri(reverse("account_login")) if self.request else ""
        text = _("You already have an account at Yiting with this number. Sign in with a code here: %(link)s")
        sms_sender().send(phone, text % {"link": link})


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Signing in through others (OIDC, WeChat): we keep who they say it is, and nothing else they tell."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Account:
        """Drop e-mail, nickname and picture before anything is stored; only provider and uid stay."""
        sociallogin.email_addresses = []
        sociallogin.account.extra_data = {}
        account: Account = sociallogin.user
        account.username = ""
        account.created_at = clock.now()
        return account


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second factors whose secrets are sealed at rest."""

    def encrypt(self, text: str) -> str:
        """Seal the secret of an authenticator."""
        return cipher.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open the secret of an authenticator."""
        return cipher.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The name that authenticator programs show."""
        return "Yiting"


def _account(user: AbstractBaseUser) -> Account:
    if not isinstance(user, Account):
        raise TypeError(f"no account: {type(user).__name__}")
    return user
