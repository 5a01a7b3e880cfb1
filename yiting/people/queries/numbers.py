"""Telephone numbers and whom they lead to."""

from __future__ import annotations

from yiting.people import cipher
from yiting.people.errors import PhoneInvalid
from yiting.people.models import Account, Person, PersonalRecord, PhoneClaim
from yiting.people.phones import normal_phone


def get_person_by_phone(phone: str) -> Person | None:
    """The person whom this telephone number identifies, however it is written."""
    try:
        index = cipher.blind_index("phone", normal_phone(phone))
    except PhoneInvalid:
        return None
    record = PersonalRecord.objects.select_related("person").filter(phone_index=index).first()
    return record.person if record else None


def get_account_by_phone(phone: str) -> Account | None:
    """The account that signs in with this number: the one that proved it, else the one that claims it."""
    try:
        index = cipher.blind_index("phone", normal_phone(phone))
    except PhoneInvalid:
        return None
    proved = Account.objects.filter(person__record__phone_index=index).first()
    if proved is not None:
        return proved
    claim = (
        PhoneClaim.objects.select_related("account").filter(phone_index=index).order_by("-claimed_at", "-pk").first()
    )
    return claim.account if claim else None


def get_account_phone(account: Account) -> tuple[str, bool] | None:
    """The number with which an account signs in, and whether it was proved."""
    record = PersonalRecord.objects.filter(person__account_id=account.pk).exclude(phone_verified_at=None).first()
    claim = PhoneClaim.objects.filter(account_id=account.pk).first()
    if record is not None and record.phone:
        return cipher.decrypt(record.phone), True
    return (cipher.decrypt(claim.phone), False) if claim is not None else None


def phone_is_free(account: Account, phone: str) -> bool:
    """Whether a number that this account has just proved may become its own (see `phone_prove`)."""
    owner = get_person_by_phone(phone)
    if owner is None or owner.account_id == account.pk:
        return True
    return owner.account_id is None and not Person.objects.filter(account_id=account.pk).exists()
