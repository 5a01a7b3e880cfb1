"""The shapes of what is filled in about offers, asks, promises and the chain; what may be done the services decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiting.alliances.amounts import read_amount
from yiting.alliances.errors import AmountUnfit
from yiting.alliances.models import Pool, Relation, ResourceKind
from yiting.people.models import Organisation
from yiting.places.fields import DayField, OneOfField, WordsField, offer


class RowField(OneOfField):
    """One of some rows, of which none is chosen beforehand unless there is but one."""

    def offer(self, rows: Sequence[tuple[Any, str]]) -> None:
        """Offer rows with their labels; more than one begins with the empty choice."""
        self.rows = {str(row.pk): row for row, _label in rows}
        first = [("", _("Please choose"))] if len(rows) != 1 or not self.required else []
        self.choices = [*first, *((str(row.pk), label) for row, label in rows)]


class ThingForm(forms.Form):
    """What an offer and an ask have in common: kind, words, amount, days."""

    kind = RowField(label=_("What kind of thing"))
    title = WordsField(label=_("What it is, in a few words"), max_length=80)
    amount = WordsField(
        label=_("How much"),
        max_length=30,
        help_text=_("A whole number; money in yuan. Of a hall, room or vehicle: on how many days in all."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    since_on = DayField(label=_("From"), required=False)
    until_on = DayField(label=_("To, this day included"), required=False)

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[ResourceKind],
        units: Sequence[Organisation] = (),
        fixed: ResourceKind | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fixed = fixed
        if fixed is not None:
            del self.fields["kind"]
        else:
            offer(self, "kind", [(kind, f"{kind.name}（{kind.measure}）") for kind in kinds])
        if "organisation" in self.fields:
            offer(self, "organisation", [(unit, unit.name) for unit in units])

    def clean(self) -> dict[str, Any]:
        """Read the amount as its kind is counted."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = self.fixed or cleaned.get("kind")
        if kind is not None and "amount" in cleaned:
            try:
                cleaned["amount"] = read_amount(cleaned["amount"], money=kind.money)
            except AmountUnfit as refusal:
                self.add_error("amount", str(refusal))
        return cleaned


class OfferForm(ThingForm):
    """What a unit can give."""

    organisation = RowField(label=_("Which unit gives it"))
    conditions = WordsField(
        label=_("What must be minded"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: weekdays only, bring your own driver."),
    )
    field_order = ("organisation", "kind", "title", "amount", "since_on", "until_on", "conditions")


class OfferChangeForm(OfferForm):
    """The same of an offer that stands: unit and kind stay."""

    organisation = None  # type: ignore[assignment]  # how a form drops a field of its base


class AskForm(ThingForm):
    """What a need or project asks for; who asks and where is known."""


class UnitAskForm(ThingForm):
    """What a unit asks for itself."""

    organisation = RowField(label=_("Which unit asks"))
    field_order = ("organisation", "kind", "title", "amount", "since_on", "until_on")


class ClaimForm(forms.Form):
    """How much of an offer for an ask, or on which days when it goes as a whole."""

    amount = WordsField(
        label=_("How much"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("On which days"), coerce=date.fromisoformat, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, kind: ResourceKind, days: Sequence[date] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        del self.fields["amount" if kind.whole else "days"]
        if kind.whole:
            field = self.fields["days"]
            assert isinstance(field, forms.TypedMultipleChoiceField)
            field.choices = [(day.isoformat(), date_format(day, gettext("D, j M"))) for day in days]

    def clean_amount(self) -> int:
        """Read the amount as its kind is counted."""
        return _amount(self.cleaned_data["amount"], self.kind)


class ReasonForm(forms.Form):
    """Why something is given up, for the other side."""

    reason = WordsField(label=_("Why, for the other side"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class RefuseForm(forms.Form):
    """That it does not suit; why need not be said."""

    reason = WordsField(
        label=_("Why it does not suit"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeliverForm(forms.Form):
    """What came, and when."""

    amount = WordsField(
        label=_("How much came"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    on = DayField(label=_("On which day"))
    note = WordsField(label=_("Note"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, kind: ResourceKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_amount(self) -> int:
        """Read the amount as its kind is counted."""
        return _amount(self.cleaned_data["amount"], self.kind)


class ThanksForm(forms.Form):
    """A word of thanks."""

    words = WordsField(
        label=_("A word of thanks"), max_length=200, help_text=_("No names or telephone numbers of persons.")
    )
    public = forms.BooleanField(label=_("Everybody may read it"), required=False)


class NameForm(forms.Form):
    """The name of a pool or a kind, and whether a kind is in use."""

    name = WordsField(max_length=40)
    active = forms.BooleanField(required=False)


class KindForm(forms.Form):
    """A kind of the office's own."""

    pool = RowField(label=_("Where it belongs"))
    name = WordsField(label=_("Name"), max_length=40)
    code = forms.SlugField(
        label=_("Short name for addresses"), max_length=40, help_text=_("Small letters, digits and hyphens.")
    )
    measure = WordsField(label=_("What it is counted in"), max_length=12, help_text=_("For example: hours, pieces."))
    whole = forms.BooleanField(label=_("It goes as a whole, to one a day (a hall, a vehicle)"), required=False)

    def __init__(self, *args: Any, pools: Sequence[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "pool", [(pool, pool.name) for pool in pools])


class PoolForm(forms.Form):
    """The filters of the lists; whatever does not fit is not asked for."""

    kind = forms.SlugField(required=False, max_length=40)
    offers = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    asks = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class RecordForm(forms.Form):
    """A season and a kind; whatever does not fit is not asked for."""

    since = DayField(required=False)
    until = DayField(required=False)
    kind = forms.SlugField(required=False, max_length=40)


class PathForm(forms.Form):
    """Two units of the chain; whatever does not fit is not asked for."""

    a = forms.IntegerField(min_value=1, max_value=2**62)
    b = forms.IntegerField(min_value=1, max_value=2**62)


class RelationForm(forms.Form):
    """A relation along the chain and who vouches for it."""

    upstream = RowField(label=_("Who gives (upstream)"))
    downstream = RowField(label=_("Who receives (downstream)"))
    kind = forms.ChoiceField(label=_("What kind of relation"), choices=Relation.Kind.choices)
    what = WordsField(label=_("What is given"), max_length=80)
    since_on = DayField(label=_("Since"), required=False)
    source = WordsField(
        label=_("Who says so, or where it stands"),
        max_length=120,
        help_text=_("For example: the contract, our purchasing office."),
    )

    def __init__(self, *args: Any, units: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("upstream", "downstream"):
            offer(self, name, [(unit, unit.name) for unit in units])


def _amount(text: str, kind: ResourceKind) -> int:
    try:
        return read_amount(text, money=kind.money)
    except AmountUnfit as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
