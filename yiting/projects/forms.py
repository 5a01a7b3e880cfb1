"""The shapes of what is filled in about projects; what may be done is for the services to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.needs.models import Judgement
from yiting.people.models import Organisation
from yiting.places.fields import DayField, OneOfField, WordsField, offer
from yiting.places.models import Place
from yiting.projects.errors import MoneyUnreadable
from yiting.projects.models import Milestone, ProjectPhoto, Stage
from yiting.projects.money import read_yuan

FIRST_YEAR, LAST_YEAR = 1990, 2100
TEXT_LIMIT = 4_000


class YuanField(forms.CharField):
    """An amount of yuan, cleaned to integer fen; None when nothing is said."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Read the yuan as fen."""
        try:
            return read_yuan(super().clean(value))
        except MoneyUnreadable as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal


class BoardForm(forms.Form):
    """The filters of the board; whatever does not fit is not asked for."""

    q = WordsField(required=False, max_length=60)
    year = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    stage = forms.ChoiceField(required=False, choices=Stage.choices)


class EvaluationForm(forms.Form):
    """One tap and, if one likes, a word; where one lives or a receipt, from those not known here yet."""

    verdict = forms.ChoiceField(choices=Judgement.Verdict.choices)
    word = WordsField(required=False, max_length=200)
    building = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    receipt = WordsField(required=False, max_length=60)
    key = WordsField(required=False, max_length=64)


class ProposeForm(forms.Form):
    """A new candidate; the needs it serves stand beside it as boxes to tick."""

    title = WordsField(label=_("Title"), max_length=120, help_text=_("What it will be, in plain words."))
    purpose = WordsField(
        label=_("What it is for"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = OneOfField(
        label=_("Place"),
        help_text=_("Who benefits is taken from the place; nothing has to be counted again."),
    )
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    budget = YuanField(label=_("Budget in yuan"), help_text=_("Leave it empty while nobody has said it."))
    lead = OneOfField(label=_("Who leads it"), required=False)

    def __init__(self, *args: Any, places: Sequence[Place], leads: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        top = min((place.path.count("/") for place in places), default=0)
        offer(self, "place", [(one, "\u3000" * (one.path.count("/") - top) + one.name) for one in places])
        offer(self, "lead", [(one, one.name) for one in leads])


class PlanForm(forms.Form):
    """Changes of the plan; what is left empty stays as it is."""

    purpose = WordsField(
        label=_("What it is for"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lead = OneOfField(label=_("Who leads it"), required=False)
    budget = YuanField(label=_("Budget in yuan"))
    spent = YuanField(label=_("Spent so far, in yuan"))

    def __init__(self, *args: Any, leads: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "lead", [(one, one.name) for one in leads])


class PastForm(forms.Form):
    """The base of forms with days on which something was; `today` is the last of them."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def refuse_future(self, name: str) -> Any:
        """Return the day of a field, if it has come."""
        day = self.cleaned_data[name]
        if day is not None and day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        return day


class ChooseForm(PastForm):
    """On which day it was chosen, or its building began."""

    on = DayField(label=_("On which day"), required=False, help_text=_("Leave it empty if you do not know."))

    def clean_on(self) -> Any:
        """The day must have come."""
        return self.refuse_future("on")


class DeliverForm(ChooseForm):
    """When it was finished: the day, or in words when only those are known."""

    when = WordsField(
        label=_("Or in words"),
        required=False,
        max_length=60,
        help_text=_("For example “the middle of May 2024”."),
    )


class ReasonForm(forms.Form):
    """A decision with its reason for the residents."""

    reason = WordsField(
        label=_("Why, in words for the residents"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineForm(ReasonForm):
    """Why a need does not become a project this year."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class VisitForm(PastForm):
    """Who came to look and what they found."""

    organisations = forms.MultipleChoiceField(label=_("Who came"), required=False, widget=forms.CheckboxSelectMultiple)
    with_deputies = forms.BooleanField(label=_("People’s deputies were there"), required=False)
    deputies = forms.IntegerField(label=_("How many deputies"), required=False, min_value=0, max_value=9_999)
    findings = WordsField(
        label=_("What was found"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    visited_on = DayField(label=_("On which day"), required=False, help_text=_("Leave it empty if you do not know."))
    when = WordsField(label=_("Or in words"), required=False, max_length=60)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in organisations}
        field = self.fields["organisations"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, one.name) for key, one in self.known.items()]

    def clean_organisations(self) -> list[Organisation]:
        """Return the organisations themselves."""
        return [self.known[key] for key in self.cleaned_data["organisations"]]

    def clean_visited_on(self) -> Any:
        """A visit that is recorded has been."""
        return self.refuse_future("visited_on")

    def clean(self) -> dict[str, Any]:
        """A visit by nobody that found nothing is none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        said = ("organisations", "with_deputies", "deputies", "findings")
        if not self.errors and not any(cleaned.get(name) for name in said):
            raise forms.ValidationError(_("Say who came or what was found."))
        return cleaned


class MilestoneForm(PastForm):
    """A step, planned or done; a step with the same title is the same step."""

    title = WordsField(label=_("Step"), max_length=120)
    planned_on = DayField(label=_("Planned for"), required=False)
    done_on = DayField(label=_("Done on"), required=False)
    done_when = WordsField(label=_("Or done, in words"), required=False, max_length=60)
    note = WordsField(label=_("Note"), required=False, max_length=400)

    def clean_done_on(self) -> Any:
        """What is done has been done."""
        return self.refuse_future("done_on")


class PhotoForm(forms.Form):
    """A photo with its words."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_(
            "Where and when it was taken is removed. Take none on which people can be recognised against their will."
        ),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    kind = forms.ChoiceField(label=_("What it shows"), choices=ProjectPhoto.Kind.choices)
    caption = WordsField(label=_("In words, for those who cannot see it"), max_length=120)
    milestone = OneOfField(label=_("Step it belongs to"), required=False)

    def __init__(self, *args: Any, steps: Sequence[Milestone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "milestone", [(one, one.title) for one in steps])


class SeenForm(forms.Form):
    """The version of the project that somebody looked at before they decided."""

    seen = forms.IntegerField(min_value=0, max_value=2**31)
