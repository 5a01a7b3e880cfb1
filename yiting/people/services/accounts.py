"""Accounts: made by administrators for those who work, by telephone for residents; closed on request."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from yiting.people import cipher, policies
from yiting.people.actors import WORKING_KINDS, Actor
from yiting.people.errors import (
    AccountAtWork,
    NotAllowed,
    PasswordWeak,
    PhoneTaken,
    UsernameInvalid,
    UsernameIsPhone,
    UsernameTaken,
)
from yiting.people.models import Account, Organisation, Person, PersonalRecord, PhoneClaim, Role
from yiting.people.phones import is_phone, normal_phone
from yiting.people.queries import held_on, local_day, role_paths
from yiting.people.services.offices import role_grant
from yiting.people.services.records import person_erase
from yiting.places.models import Place


def account_create(
    *,
    by: Actor,
    username: str,
    password: str | None,
    public_name: str = "",
    phone: str | None = None,
    language: str = "zh-hans",
    at: datetime,
) -> Account:
    """Make an account; with a telephone number it may also sign in by code. Administrators only."""
    if not by.is_admin:
        raise NotAllowed
    username = Account.normalize_username(username.strip())
    _check_username(username)
    account = Account(username=username, public_name=public_name.strip()[:40], language=language, created_at=at)
    if password:
        _check_password(password, account)
    account.set_password(password or None)
    number = normal_phone(phone, mobile=True) if phone else ""
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise UsernameTaken(username=username) from None
    if number:
        phone_claim(account=account, phone=number, at=at)
    return account


def staff_create(
    *,
    by: Actor,
    username: str,
    password: str,
    public_name: str,
    kind: str,
    organisation: Organisation,
    place: Place,
    phone: str | None = None,
    at: datetime,
) -> Account:
    """Make an account together with its first role, so that it never stands outside every place."""
    with transaction.atomic():
        account = account_create(
            by=by, username=username, password=password, public_name=public_name, phone=phone, at=at
        )
        role_grant(by=by, account=account, kind=kind, organisation=organisation, place=place, at=at)
    return account


def account_update(
    *, by: Actor, account: Account, public_name: str | None = None, language: str | None = None
) -> Account:
    """Change what others see of one's own account, and the language one reads."""
    if by.account_id != account.pk:
        raise NotAllowed
    if public_name is not None:
        account.public_name = public_name.strip()[:40]
    if language is not None:
        account.language = language
    account.save(update_fields=["public_name", "language"])
    return account


def account_password_set(*, by: Actor, account: Account, password: str) -> None:
    """Give somebody a new password, for those who forgot theirs: there is no e-mail to send a link to."""
    decision = policies.can_manage_account(by, role_paths=role_paths(account))
    if not decision:
        raise NotAllowed(decision.reason)
    _check_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])


def account_erase(*, by: Actor, account: Account, at: datetime) -> None:
    """Close one's own account and forget its person; whoever still works here is asked to end that first."""
    if by.account_id != account.pk and not by.everywhere:
        raise NotAllowed
    with transaction.atomic():
        if account.roles.filter(held_on(local_day(at)), kind__in=WORKING_KINDS).exists():
            raise AccountAtWork
        person = Person.objects.filter(account=account).first()
        if person is not None:
            person_erase(by=by, person=person, at=at)
        PhoneClaim.objects.filter(account=account).delete()
        SocialAccount.objects.filter(user=account).delete()
        Authenticator.objects.filter(user=account).delete()
        _end_all_roles(account, local_day(at))
        account.username = f"gone-{get_random_string(20)}"
        account.public_name = ""
        account.is_active = False
        account.last_login = None
        account.set_unusable_password()
        account.save()


def phone_claim(*, account: Account, phone: str, at: datetime) -> None:
    """Keep a number that an account says is its own, until a code proves it."""
    number = normal_phone(phone, mobile=True)
    PhoneClaim.objects.update_or_create(
        account=account,
        defaults={
            "phone": cipher.encrypt(number),
            "phone_index": cipher.blind_index("phone", number),
            "claimed_at": at,
        },
    )


def phone_prove(*, account: Account, phone: str, at: datetime) -> Person:
    """Tie a number to an account whose owner has just typed the code sent to it.

    What was told earlier from this number without an account becomes the account's own. Raises PhoneTaken
    when the number is another account's, or another voice's while the account already has one of its own. The
    record's unique number decides between two who prove it at once.
    """
    number = normal_phone(phone, mobile=True)
    index = cipher.blind_index("phone", number)
    try:
        with transaction.atomic():
            mine = Person.objects.select_for_update().filter(account=account).first()
            owner = Person.objects.select_for_update().filter(record__phone_index=index).first()
            if owner is not None and owner != mine:
                if mine is not None or owner.account_id is not None:
                    raise PhoneTaken
                owner.account = account
                owner.save(update_fields=["account"])
            person = owner or mine or Person.objects.create(source="account", account=account)
            record = PersonalRecord.objects.filter(person=person).first() or PersonalRecord(
                person=person, consent_how="code sent to the telephone", consent_at=at
            )
            if record.phone_index != index or not record.phone:
                record.phone = cipher.encrypt(number)
            record.phone_index, record.phone_verified_at = index, at
            record.save()
            PhoneClaim.objects.filter(phone_index=index).delete()
            PhoneClaim.objects.filter(account=account).delete()
    except IntegrityError:
        raise PhoneTaken from None
    return person


def _end_all_roles(account: Account, day: date) -> None:
    Role.objects.filter(account=account, until_on__isnull=True, since_on__lte=day).update(until_on=day)
    Role.objects.filter(account=account, since_on__gt=day).delete()


def _check_username(username: str) -> None:
    field = Account._meta.get_field("username")
    try:
        field.run_validators(username)
    except ValidationError:
        raise UsernameInvalid from None
    if not username:
        raise UsernameInvalid
    if is_phone(username):
        raise UsernameIsPhone
    if Account.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(username=username)


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PasswordWeak(reasons=" ".join(error.messages)) from None
