"""Fields shared by the forms of people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yiting.people.errors import PhoneInvalid
from yiting.people.phones import normal_phone


class PhoneField(forms.CharField):
    """A mobile number as people write it, with or without +86, spaces and dashes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        kwargs.setdefault("max_length", 30)
        kwargs["widget"] = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return the number as +86…, or say kindly what is wrong."""
        text = super().clean(value)
        if not text:
            return text
        try:
            return normal_phone(text, mobile=True)
        except PhoneInvalid as refusal:
            raise ValidationError(str(refusal.message), code="invalid_phone") from None
