"""The ways out of the house: text messages through the office's own gateway, mail through Django's."""

from datetime import datetime
from typing import Protocol, cast

import phonenumbers
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

from yiting.notices.errors import NoAddress
from yiting.notices.models import Channel, Notice
from yiting.people.actors import system_actor
from yiting.people.services import personal_read

PURPOSE = "notice"
SYSTEM = "notices"
_TAKES_TEXTS = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


class SmsSender(Protocol):
    """A gateway for text messages, named by the setting YITING_SMS_SENDER.

    It gives up within some seconds, and raises any exception when the gateway did not take the text.
    """

    def send(self, phone: str, text: str) -> None:
        """Hand one text over to the gateway."""
        ...


def send(notice: Notice, *, text: str, at: datetime) -> None:
    """Send one text to the recipient of the notice; raises `NoAddress` when there is nowhere to send it."""
    if notice.channel == Channel.SMS:
        phone = _mobile_of(notice, at=at)
        cast(SmsSender, import_string(settings.YITING_SMS_SENDER)()).send(phone, text)
    else:
        send_mail(notice.subject, text, None, [_mail_address_of(notice)])


def _mobile_of(notice: Notice, *, at: datetime) -> str:
    """Read the number through the one function that logs the reading."""
    assert notice.person is not None, "the table holds no text message without a person"
    phone = personal_read(by=system_actor(SYSTEM), person=notice.person, purpose=PURPOSE, at=at).phone
    if not _takes_texts(phone):
        raise NoAddress
    return phone


def _takes_texts(phone: str) -> bool:
    """Whether a text can arrive there; a line in the living room takes none."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(phone, "CN")) in _TAKES_TEXTS
    except phonenumbers.NumberParseException:
        return False


def _mail_address_of(notice: Notice) -> str:
    """The verified address of the account, the primary one first."""
    address = (
        EmailAddress.objects.filter(user_id=notice.account_id, verified=True)
        .order_by("-primary", "pk")
        .values_list("email", flat=True)
        .first()
    )
    if not address:
        raise NoAddress
    return str(address)
