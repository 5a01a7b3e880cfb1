"""Telephone numbers: read as people here write them, kept as E.164, shown with the middle hidden."""

import phonenumbers

from yiting.people.errors import PhoneInvalid, PhoneNotMobile

HOME_REGION = "CN"
_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def normal_phone(text: str, *, mobile: bool = False) -> str:
    """Return the number as +86138…; a number without a country is taken as Chinese.

    Raises PhoneInvalid for what is no number, and PhoneNotMobile when a text has to reach it and cannot.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise PhoneInvalid from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneInvalid
    if mobile and phonenumbers.number_type(number) not in _MOBILE:
        raise PhoneNotMobile
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_phone(text: str) -> bool:
    """Whether the text is a telephone number at all."""
    try:
        normal_phone(text)
    except PhoneInvalid:
        return False
    return True


def shown_phone(phone: str) -> str:
    """The number as people write it at home: without +86."""
    return phone.removeprefix("+86")


def masked_phone(phone: str) -> str:
    """The number with its middle hidden, enough to know one's own by: 138****1234."""
    shown = shown_phone(phone)
    return f"{shown[:3]}****{shown[-4:]}" if len(shown) >= 8 else "****"
