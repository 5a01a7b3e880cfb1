"""The form of the page 'mine'."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yiting.places.fields import OneOfField


class OwnForm(forms.Form):
    """What a person may change about themself without asking anybody."""

    public_name = forms.CharField(
        label=_("The name others see"),
        help_text=_("Leave it empty to stay unnamed."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Only those who handle your matter can see it, and you see who looked."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class HomeForm(forms.Form):
    """Where somebody lives, for the votes of those who live there."""

    estate = OneOfField(label=_("Estate or village"))
    building = forms.CharField(
        label=_("Building"),
        help_text=_("Such as 3号楼."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    door = forms.CharField(
        label=_("Unit and room"),
        help_text=_("Such as 2单元501. Kept encrypted; only those who confirm it see it."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
