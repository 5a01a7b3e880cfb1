"""The shapes of what residents fill in; what may be said is for the services to decide."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from yiting.needs.errors import TextEmpty
from yiting.needs.models import Judgement, ServiceRequest
from yiting.places.fields import WordsField
from yiting.places.models import Place
from yiting.places.queries import PlaceOption, get_place

Behalf = ServiceRequest.Behalf
Channel = ServiceRequest.Channel

CONSENTS = (
    ("phone", _("They said yes on the telephone")),
    ("paper", _("They signed a paper")),
    ("door", _("They said yes to my face")),
)
WORD_LIMIT = 200
# our own words instead of the browser's, which come in whatever language it speaks
NOTHING_SAID = {"required": TextEmpty.message}


def fresh_key() -> str:
    """A key that marks one filled-in form, so that sending it twice files it once."""
    return secrets.token_urlsafe(24)


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Several photos; whether each is one is found out by decoding it."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files given, in their order; an empty field is an empty list."""
        files = data if isinstance(data, list | tuple) else [data]
        return [one for one in files if one]


def _say_widget(address: str) -> forms.Textarea:
    attributes: dict[str, Any] = {"rows": 3}
    if address:
        attributes |= {
            "hx-post": address,
            "hx-trigger": "input changed delay:700ms",
            "hx-target": "#similar",
            "hx-params": "text,place,community,different",
            "hx-sync": "this:replace",
        }
    return forms.Textarea(attrs=attributes)


def place_choices(options: Sequence[PlaceOption]) -> list[tuple[Any, Any]]:
    """Choices of a native picker: the whole community, then each estate with its buildings under its name."""
    if not options:
        return []
    root, rest = options[0], options[1:]
    choices: list[tuple[Any, Any]] = [(str(root.id), _("Not sure, or all of %(name)s") % {"name": root.name})]
    under: list[tuple[str, Any]] = []
    for option in rest:
        if option.depth == 1:
            under = [(str(option.id), option.name)]
            choices.append((option.name, under))
        else:
            under.append((str(option.id), option.name))
    return choices


class SayForm(forms.Form):
    """Say it: everything but the words may be left empty."""

    use_required_attribute = False
    text = WordsField(widget=_say_widget(""), error_messages=NOTHING_SAID)
    community = forms.CharField(required=False, widget=forms.HiddenInput)
    place = forms.ChoiceField(label=_("Where"), required=False)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("At most four. Where and when they were taken is removed."),
        widget=PhotosInput(attrs={"accept": "image/*"}),
    )
    phone = WordsField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        help_text=_("Only to tell you how it goes. It is kept encrypted; only the worker who must call you sees it."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    door = WordsField(
        label=_("Unit and room"),
        required=False,
        max_length=60,
        help_text=_("Only so that one home is counted once. It is kept encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = WordsField(required=False, max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)
    different = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, options: Sequence[PlaceOption] = (), similar_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = format_html('<span class="hide">{}</span>', _("What is it?"))
        self.fields["text"].widget = _say_widget(similar_url)
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = place_choices(options)
        if not options:
            del self.fields["place"]


class AddForm(forms.Form):
    """One more word on a matter that is known."""

    use_required_attribute = False
    text = WordsField(
        label=_("What do you want to add?"),
        error_messages=NOTHING_SAID,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = WordsField(required=False, max_length=64, widget=forms.HiddenInput)


class AskAtForm(forms.Form):
    """A question asked at an activity: the words, and where it is about if not the whole place."""

    use_required_attribute = False
    text = WordsField(
        label=_("What is the question?"),
        error_messages=NOTHING_SAID,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.ChoiceField(label=_("Where"), required=False)
    phone = WordsField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        help_text=_("Only to tell you how it goes. It is kept encrypted; only the worker who must call you sees it."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    key = WordsField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, options: Sequence[PlaceOption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = place_choices(options)
        if len(options) < 2:
            del self.fields["place"]

    def place_of(self, place: Place) -> Place:
        """The place that was chosen, else the given one."""
        chosen = self.cleaned_data.get("place")
        return get_place(chosen) if chosen else place


class BehalfForm(forms.Form):
    """Writing for somebody who cannot, or does not want to, type."""

    use_required_attribute = False
    text = WordsField(
        label=_("What did they say?"),
        error_messages=NOTHING_SAID,
        help_text=_("In their own words, as far as you can."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    behalf = forms.ChoiceField(
        label=_("Who are you?"),
        choices=[
            (Behalf.NEIGHBOUR, _("A neighbour or friend")),
            (Behalf.FAMILY, _("A member of the family")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Tap who you are; no name is asked.")},
    )
    consent = forms.ChoiceField(
        label=_("How did they say yes to your writing it down?"),
        choices=CONSENTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Ask them first, then note how they said yes.")},
    )
    channel = forms.ChoiceField(
        label=_("How did it reach you?"),
        choices=[
            (Channel.PHONE, _("By telephone")),
            (Channel.PAPER, _("On paper")),
            (Channel.DOOR, _("At the door")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Tap how it reached you.")},
    )
    place = forms.ChoiceField(label=_("Where"), required=False)
    name = WordsField(
        label=_("Their name"),
        required=False,
        max_length=40,
        help_text=_("It is kept encrypted and appears on no page."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = WordsField(
        label=_("Their telephone"),
        required=False,
        max_length=30,
        help_text=_("So that they hear how it goes. It is kept encrypted."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    door = WordsField(
        label=_("Unit and room"),
        required=False,
        max_length=60,
        help_text=_("Only so that one home is counted once. It is kept encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = WordsField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, options: Sequence[PlaceOption] = (), is_staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        behalf, place = self.fields["behalf"], self.fields["place"]
        assert isinstance(behalf, forms.ChoiceField)
        assert isinstance(place, forms.ChoiceField)
        place.choices = place_choices(options)
        if not options:
            del self.fields["place"]
        if is_staff:
            behalf.choices = [
                (Behalf.WORKER, _("I work for the community")),
                (Behalf.NEIGHBOUR, _("A neighbour spoke for them")),
                (Behalf.FAMILY, _("A family member spoke for them")),
            ]
        else:
            del self.fields["channel"]


class JudgeForm(forms.Form):
    """One tap and, if one likes, a word."""

    verdict = forms.ChoiceField(choices=Judgement.Verdict.choices)
    word = WordsField(required=False, max_length=WORD_LIMIT)


class FindForm(forms.Form):
    """The code of a receipt, typed however it was read."""

    use_required_attribute = False
    code = WordsField(
        label=_("The code on your receipt"),
        error_messages={"required": _("Type the code that stands on your receipt.")},
        max_length=60,
        help_text=_("Twelve letters and figures. Spaces, dashes and small letters do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
