"""The forms of signing in, as django-allauth uses them (`ACCOUNT_FORMS`)."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from yiting.people.queries import phone_is_free

_NAME_LENGTH = 150  # no name is longer, and SQLite refuses to look for one of 50,000 bytes
_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"}


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth is untyped
    """User name, or telephone number, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or mobile number")
        self.fields["login"].widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
        self.fields["login"].validators.append(MaxLengthValidator(_NAME_LENGTH))
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]  # allauth is untyped
    """A mobile number is all it takes; the name is made up, and the code stands for the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("username", "password1", "password2", "email"):
            self.fields.pop(name, None)
        self.fields["phone"].required = True
        self.fields["phone"].label = _("Mobile number")


class ConfirmCodeForm(allauth_forms.ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth is untyped
    """The code that was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_digits(self.fields["code"])


class VerifyPhoneForm(allauth_forms.VerifyPhoneForm):  # type: ignore[misc]  # allauth is untyped
    """The code that proves a number; only whoever holds the number learns whether it is known here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_digits(self.fields["code"])

    def clean_code(self) -> str:
        """After the right code: the number must not be another voice's."""
        code: str = super().clean_code()
        if self.user is not None and not phone_is_free(self.user, self.phone):
            raise get_adapter().validation_error("phone_taken")
        return code


def _as_digits(field: forms.Field) -> None:
    field.label = _("The code from the message")
    field.widget = forms.TextInput(attrs=_CODE)
