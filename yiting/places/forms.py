"""The shape of what is typed about places; what it means is the services' matter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.places.models import NAME_LIMIT, SOURCE_LIMIT, Level


class PlaceForm(forms.Form):
    """An estate or a building to be added."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)
    level = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)

    def __init__(self, *args: object, levels: list[Level], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(level.value, level.label) for level in levels]
        field.initial = levels[0].value if levels else None
        if len(levels) == 1:
            field.widget = forms.HiddenInput()


class CountForm(forms.Form):
    """Household counts of a place, their day and their source."""

    households = forms.IntegerField(label=_("Households"), min_value=0, required=False)
    households_on_allowance = forms.IntegerField(
        label=_("Of these on minimum-living allowance"), min_value=0, required=False
    )
    counted_on = forms.DateField(
        label=_("Counted on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(label=_("Where the figures come from"), max_length=SOURCE_LIMIT, required=False)
