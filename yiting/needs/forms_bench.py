"""The shapes of what workers enter. Rules are the services' matter.

Several of these forms stand on one page, so each names its fields' ids after itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from yiting.needs.models import Category, Need, ReturnReason, Urgency
from yiting.needs.queries.bench_need import list_handlers, list_return_reasons
from yiting.people.models import Organisation
from yiting.places.models import Place


class LongSelect(forms.Select):
    """A select of some hundred options, written in one go: a template an option would take most of the page's time."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the select as HTML."""
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) in chosen else "", label) for key, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt({**self.attrs, **(attrs or {}), "name": name}), options)


class FullNames(ModelChoiceIterator):  # type: ignore[type-arg]  # generic in the stubs only
    """Reads keys and names alone, not whole categories."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        yield from self.queryset.values_list("pk", "full_name")


class CategoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Offers categories by their full names."""

    widget = LongSelect
    iterator = FullNames

    def label_from_instance(self, obj: Any) -> str:
        """The way down to the category: 城乡建设 › 小区管理."""
        return str(obj.full_name)


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Offers things by their names."""

    def label_from_instance(self, obj: Any) -> str:
        """The name alone."""
        return str(obj.name)


class SteadyForm(forms.Form):
    """A form whose fields' ids begin with its own stem."""

    stem = "id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.stem}_%s")
        super().__init__(*args, **kwargs)


class SortForm(SteadyForm):
    """Category, urgency and title of a need, and whether it is for everybody to see."""

    stem = "sort"

    category = CategoryChoice(
        label=_("Category"),
        queryset=Category.objects.filter(active=True).order_by("full_name", "id"),
        required=False,
        empty_label=_("none yet"),
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    title = forms.CharField(label=_("What is wrong, and where"), max_length=200, required=False)
    private = forms.BooleanField(
        label=_("Keep it off the public pages"),
        help_text=_("For what concerns one person or one home."),
        required=False,
    )


class AssignForm(SteadyForm):
    """Who is to do it."""

    stem = "assign"

    organisation = NamedChoice(
        label=_("Who is to do it"), queryset=Organisation.objects.none(), empty_label=_("choose")
    )

    def __init__(self, need: Need, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["organisation"], list_handlers(need))


class DeclineForm(SteadyForm):
    """An end with a published reason and words for the residents."""

    stem = "decline"

    reason = NamedChoice(label=_("Reason"), queryset=ReturnReason.objects.none(), empty_label=_("choose"))
    note = forms.CharField(
        label=_("In words that the residents understand"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["reason"], list_return_reasons())


class ReturnForm(DeclineForm):
    """A hand-back: the reason, the words, and a route onward."""

    stem = "back"

    route_to = NamedChoice(
        label=_("Who can do it instead"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("not known"),
    )

    def __init__(self, need: Need, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["route_to"], list_handlers(need))


class PauseForm(SteadyForm):
    """Who is waited for."""

    stem = "pause"

    waiting_for = forms.CharField(
        label=_("Who is waited for"), help_text=_("Residents read this name."), max_length=120
    )


class ReplyForm(SteadyForm):
    """An answer to everybody who asked."""

    stem = "reply"

    text = forms.CharField(
        label=_("Answer to everybody who asked"),
        help_text=_("What was found, what is done, by when, and whom to call."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    final = forms.BooleanField(label=_("This is the result: ask them to judge it"), required=False)


class ImportForm(forms.Form):
    """A spreadsheet of messages, where they are about, and what its columns mean."""

    place = forms.TypedChoiceField(label=_("Which place the messages are about"))
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("An .xlsx or .csv file of at most 50 MB. Columns are recognised by their names."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv"}),
    )
    mapping = forms.FileField(
        label=_("Which column is what"),
        help_text=_("Only if columns have names of their own: a JSON or CSV file with column and field."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,.csv"}),
    )

    def __init__(self, places: list[Place], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        choice = self.fields["place"]
        assert isinstance(choice, forms.TypedChoiceField)
        choice.choices = [(key, place.name) for key, place in self.places.items()]
        choice.coerce = self.places.__getitem__


class SaveViewForm(SteadyForm):
    """A name for the view on the screen."""

    stem = "view"

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)


def _offer(field: forms.Field, rows: QuerySet[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
