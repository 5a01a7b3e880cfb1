"""The shapes of what is filled in about topics; what may be done is for the services to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.activities.services.papers import FILE_LIMIT
from yiting.deliberation.models import Moderation, Topic, VoteValue
from yiting.people.models import Organisation
from yiting.places.fields import DayField, WordsField
from yiting.places.models import Place

TEXT_LIMIT = 4_000


def end_of(day: date, place: Place) -> datetime:
    """The midnight that ends a day at a place."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(place.zone)).astimezone(UTC)


class BoardForm(forms.Form):
    """The filters of the list; whatever does not fit is not asked for."""

    view = forms.SlugField(required=False, max_length=20)
    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class AskedForm(forms.Form):
    """Which statement is asked for, and which is left for later; whatever does not fit is not."""

    s = forms.IntegerField(required=False, min_value=0, max_value=10**6)
    later = forms.IntegerField(required=False, min_value=0, max_value=10**6)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class VoteForm(forms.Form):
    """A tap on one of the three."""

    statement = forms.IntegerField(min_value=0, max_value=10**6)
    value = forms.TypedChoiceField(choices=VoteValue.choices, coerce=int)
    key = forms.CharField(required=False, max_length=64)


class SayForm(forms.Form):
    """A statement. Its length is for the service to judge, so that nothing that was typed is lost."""

    text = WordsField(required=False, max_length=20_000, strip=False)
    is_meta = forms.BooleanField(required=False)
    sure = forms.BooleanField(required=False)
    key = forms.CharField(required=False, max_length=64)


class SupportForm(forms.Form):
    """Supporting a proposal, or taking it back."""

    take_back = forms.BooleanField(required=False)
    key = forms.CharField(required=False, max_length=64)


class _Places(forms.Form):
    """A form with a place to choose."""

    place = forms.ChoiceField(label=_("Place"))

    def offer_places(self, places: Sequence[Place]) -> None:
        """Offer places by their names, as a tree."""
        self._places = {str(one.pk): one for one in places}
        top = min((one.path.count("/") for one in places), default=0)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = [(str(one.pk), "\u3000" * (one.path.count("/") - top) + one.name) for one in places]

    def clean_place(self) -> Place:
        """The place itself."""
        return self._places[self.cleaned_data["place"]]


class ProposeForm(_Places):
    """A resident's proposal."""

    question = WordsField(
        label=_("Your question"),
        max_length=120,
        help_text=_("One question in plain words, as you would ask neighbours."),
    )
    background = WordsField(
        label=_("What one should know about it"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    field_order = ("question", "background", "place")

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_places(places)


class PlanForm(_Places):
    """A topic of the community."""

    question = WordsField(label=_("Question"), max_length=120, help_text=_("One plain question."))
    background = WordsField(
        label=_("Background"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What everybody should know before voting, without an opinion."),
    )
    who = forms.ChoiceField(label=_("Who takes part"), choices=Topic.Who.choices)
    organisations = forms.MultipleChoiceField(label=_("Invited organisations"), required=False)
    supports_needed = forms.IntegerField(
        label=_("Supports needed"),
        min_value=1,
        max_value=100_000,
        help_text=_("Only for proposals of residents: with so many supports the topic opens by itself."),
    )
    smallest_group = forms.IntegerField(
        label=_("Smallest group shown"),
        min_value=3,
        max_value=1_000,
        help_text=_("Groups of opinion with fewer people than this are never shown."),
    )
    field_order = ("question", "background", "place", "who", "organisations", "supports_needed", "smallest_group")

    def __init__(
        self, *args: Any, places: Sequence[Place], organisations: Sequence[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer_places(places)
        self._organisations = {str(one.pk): one for one in organisations}
        field = self.fields["organisations"]
        assert isinstance(field, forms.MultipleChoiceField), "declared above"
        field.choices = [(key, one.name) for key, one in self._organisations.items()]

    def clean_organisations(self) -> list[Organisation]:
        """The organisations themselves."""
        return [self._organisations[key] for key in self.cleaned_data["organisations"]]


class ReasonForm(forms.Form):
    """A public reason."""

    reason = WordsField(
        label=_("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody can read it."),
    )


class OpenForm(ReasonForm):
    """Until when, and why."""

    # it counts to its midnight at the place
    until = DayField(label=_("Last day for votes"))
    field_order = ("until", "reason")


class SeedForm(forms.Form):
    """Statements to begin with, one a line."""

    text = WordsField(
        label=_("Statements, one a line"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Each says one thing with which one can agree or disagree, in at most 140 characters."),
    )
    is_meta = forms.BooleanField(label=_("They are about the talk itself, not about the matter"), required=False)


class EvidenceForm(forms.Form):
    """Something to know: a link or a file."""

    title = WordsField(label=_("Title"), max_length=120)
    link = forms.CharField(label=_("Link"), required=False, max_length=400)
    file = forms.FileField(label=_("File"), required=False, max_length=200)

    def clean_file(self) -> tuple[str, bytes] | None:
        """The name and the content of the file, if there is one."""
        found = self.cleaned_data["file"]
        return (found.name, found.read(FILE_LIMIT + 1)) if found else None


class ModerateForm(forms.Form):
    """What becomes of a statement, and why."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Moderation.Decision.choices, initial="declined")
    same_as = forms.IntegerField(
        label=_("Says the same as statement No."),
        required=False,
        min_value=0,
        max_value=999_999,
        widget=forms.NumberInput(attrs={"list": "shown-statements"}),
        help_text=_("Only to join it."),
    )
    reason = WordsField(label=_("Reason"), max_length=400, help_text=_("Everybody can read it."))


class PrintForm(forms.Form):
    """How many sheets."""

    number = forms.IntegerField(label=_("Number of sheets"), min_value=1, max_value=200, initial=20)


class FindSheetForm(forms.Form):
    """The number in the corner of a sheet."""

    serial = WordsField(label=_("Number in the corner of the sheet"), max_length=20)


class MarksForm(forms.Form):
    """What stands on a sheet, line by line."""

    CHOICES = (("1", _("Agree")), ("-1", _("Disagree")), ("0", _("Pass")), ("none", _("Nothing marked")))

    def __init__(self, *args: Any, lines: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, text in lines:
            self.fields[f"line_{number}"] = forms.ChoiceField(
                label=f"{number} · {text}", choices=self.CHOICES, initial="none", widget=forms.RadioSelect
            )

    def mark(self, number: int) -> int | None:
        """The mark that was entered for a statement."""
        value = self.cleaned_data[f"line_{number}"]
        return None if value == "none" else int(value)
