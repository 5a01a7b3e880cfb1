"""Forms of the administrator's pages; each offers only what the administrator may choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.people.forms.fields import PhoneField
from yiting.people.models import Organisation, RoleKind, TokenScope

Options = Sequence[tuple[int, str]]
# What an administrator gives out; a resident needs no role to speak.
WORKING = [choice for choice in RoleKind.choices if choice[0] != RoleKind.RESIDENT]


def _new_password() -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "new-password"})


class RoleForm(forms.Form):
    """A role, at an organisation and over a place."""

    kind = forms.ChoiceField(label=_("Role"), choices=WORKING)
    organisation = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    place = forms.TypedChoiceField(
        label=_("Place"), coerce=int, help_text=_("The role reaches this place and everything in it.")
    )

    def __init__(self, *args: Any, organisations: Options = (), places: Options = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class RoleTermForm(RoleForm):
    """A role with its days."""

    since_on = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: today."),
    )
    until_on = forms.DateField(
        label=_("No longer from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until somebody ends it."),
    )


class StaffForm(RoleForm):
    """An account for somebody who works here, with its first role."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    public_name = forms.CharField(label=_("The name others see"), max_length=40, required=False)
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least eight signs, not one that everybody uses. They can change it on their own page."),
        widget=_new_password(),
        strip=False,
    )
    phone = PhoneField(required=False, help_text=_("With it they can also sign in by a code."))

    field_order = ("username", "public_name", "password", "phone", "kind", "organisation", "place")


class PasswordForm(forms.Form):
    """A new password for somebody who forgot theirs."""

    password = forms.CharField(label=_("New password"), widget=_new_password(), strip=False)


class OrganisationForm(forms.Form):
    """An organisation in a place."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=80)
    place = forms.TypedChoiceField(label=_("Place"), coerce=int, help_text=_("The place it answers for."))
    parent = forms.TypedChoiceField(label=_("Stands under"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, organisations: Options = (), places: Options = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["parent"].choices = [("", _("nothing")), *organisations]  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A token for an organisation's program."""

    organisation = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    label = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organisations: Options = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
