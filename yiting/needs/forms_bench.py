"""The shapes of what workers enter. Rules are the services' matter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.needs.models import Category, Need, ReturnReason, Urgency
from yiting.needs.queries.bench_need import list_handlers, list_return_reasons
from yiting.people.models import Organisation


class SortForm(forms.Form):
    """Category, urgency and title of a need."""

    title = forms.CharField(label=_("What is wrong, and where"), max_length=200, required=False)
    category = forms.ModelChoiceField(label=_("Category"), queryset=Category.objects.none(), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["category"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Category.objects.filter(active=True).order_by("id")
        choice.label_from_instance = lambda category: category.full_name  # type: ignore[method-assign]


class AssignForm(forms.Form):
    """Who is to do it."""

    organisation = forms.ModelChoiceField(label=_("Who is to do it"), queryset=Organisation.objects.none())
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, need: Need, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self.fields["organisation"], list_handlers(need))


class ReturnForm(forms.Form):
    """A return with a published reason, words for the residents, and a route onward."""

    reason = forms.ModelChoiceField(label=_("Reason"), queryset=ReturnReason.objects.none())
    note = forms.CharField(
        label=_("In words that the residents understand"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
    route_to = forms.ModelChoiceField(label=_("Who can do it instead"), queryset=Organisation.objects.none(), required=False)

    def __init__(self, need: Need, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = self.fields["reason"]
        assert isinstance(reasons, forms.ModelChoiceField)
        reasons.queryset = ReturnReason.objects.filter(pk__in=[reason.pk for reason in list_return_reasons()]).order_by(
            "position", "id"
        )
        reasons.label_from_instance = lambda reason: reason.name  # type: ignore[method-assign]
        choose_among(self.fields["route_to"], list_handlers(need))


class PauseForm(forms.Form):
    """Who is waited for."""

    waiting_for = forms.CharField(label=_("Who is waited for"), max_length=120)


class ReplyForm(forms.Form):
    """An answer to everybody who asked."""

    text = forms.CharField(
        label=_("Answer to everybody who asked"),
        help_text=_("What was found, what is done, by when, and whom to call."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    final = forms.BooleanField(label=_("This is the result: ask them to judge it"), required=False)


class ImportForm(forms.Form):
    """A spreadsheet of messages, and what it is about."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("An .xlsx or .csv file of at most 50 MB. Columns are recognised by their names."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv"}),
    )
    mapping = forms.FileField(
        label=_("Which column is what"),
        help_text=_("Only if columns have names of their own: a JSON or CSV file with column and field."),
        required=False,
    )


class SaveViewForm(forms.Form):
    """A name for the view on the screen."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)


def choose_among(field: forms.Field, organisations: list[Organisation]) -> None:
    """Let a field choose among organisations that were read already."""
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations]).order_by("kind", "name", "id")
    field.label_from_instance = lambda one: one.name  # type: ignore[method-assign]
