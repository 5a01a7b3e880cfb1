"""The shapes of what is filled in about alliances, members and turns; what may be done the services decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from yiting.activities.models import Kind
from yiting.alliances.forms_pooling import RowField
from yiting.alliances.models import Alliance, JointKind, Membership
from yiting.alliances.queries.slots import Every
from yiting.alliances.queries.turns import TurnRow
from yiting.alliances.queries.units import unit_name
from yiting.alliances.services.membership import OWED_LIMIT, WEIGHT_LIMIT
from yiting.people.models import Organisation
from yiting.places.fields import FIRST_DAY, LAST_DAY, DayField, WordsField, offer
from yiting.places.models import Place

TEXT_LIMIT = 4_000


class AllianceForm(forms.Form):
    """What an alliance is; what nobody said is left empty."""

    field = WordsField(label=_("Field"), required=False, max_length=200)
    lead = RowField(label=_("Lead unit"), required=False)
    cooperating = RowField(label=_("Cooperating unit"), required=False)
    rule_name = WordsField(label=_("Name of the rule of turns"), required=False, max_length=60)
    rule = WordsField(
        label=_("The rule in words"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )
    turns = forms.ChoiceField(label=_("Turns"), choices=Alliance.Turns.choices)
    by_weight = forms.BooleanField(label=_("Larger members take more turns"), required=False)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "cooperating"):
            offer(self, name, [(one, one.name) for one in organisations])


class FoundForm(AllianceForm):
    """A new alliance."""

    name = WordsField(label=_("Name"), max_length=60)
    slug = WordsField(
        label=_("Address"), max_length=40, help_text=_("Small letters, digits and hyphens, as in zhi-suan-wei-lai.")
    )
    place = RowField(label=_("Place"))

    field_order = ("name", "slug", "place")

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", [(one, one.name) for one in places])


class KindForm(forms.Form):
    """One of the kinds of joint activity."""

    name = WordsField(label=_("Its name in the alliance"), max_length=40)
    kind = RowField(label=_("Kind of activity"))

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(one, one.name) for one in kinds])


class JoinForm(forms.Form):
    """A new member, or a numbered place for one whose name is not known yet."""

    organisation = RowField(
        label=_("Organisation"), required=False, help_text=_("Leave it empty to open a numbered place to be filled.")
    )
    joined_on = DayField(
        label=_("First day"), required=False, help_text=_("Leave it empty if it was there from the beginning.")
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", [(one, one.name) for one in organisations])


class FillForm(forms.Form):
    """Which organisation a numbered place is."""

    organisation = RowField(label=_("Organisation"))

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", [(one, one.name) for one in organisations])


class LeaveForm(forms.Form):
    """The last day of a member."""

    left_on = DayField(label=_("Last day"))


class WeighForm(forms.Form):
    """How large a member is, and what it owes from before."""

    weight = forms.IntegerField(label=_("Size"), min_value=1, max_value=WEIGHT_LIMIT)
    owed = forms.IntegerField(
        label=_("Turns owed from before the records"),
        required=False,
        min_value=-OWED_LIMIT,
        max_value=OWED_LIMIT,
        help_text=_("Below 0 when it took too many."),
    )


class FigureForm(forms.Form):
    """A figure that somebody reported."""

    what = WordsField(label=_("What it counts"), max_length=60)
    amount = forms.IntegerField(label=_("Number"), min_value=0, max_value=2**31 - 1)
    said_when = WordsField(label=_("Of which time"), required=False, max_length=60)
    source = WordsField(label=_("Where it stands"), max_length=120)


class PlanForm(forms.Form):
    """A period to be planned."""

    since_on = DayField(label=_("First day"))
    until_on = DayField(label=_("Last day"))
    every = forms.ChoiceField(
        label=_("New occasions"),
        required=False,
        choices=[
            (Every.NEVER.value, _("none: plan what stands again")),
            (Every.MONTH.value, _("every month, beginning on the first day")),
            (Every.FORTNIGHT.value, _("every two weeks, beginning on the first day")),
            (Every.WEEK.value, _("every week, beginning on the first day")),
        ],
    )
    days = WordsField(
        label=_("Further days"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, as 2027-03-05."),
    )
    kinds = forms.MultipleChoiceField(label=_("Kinds, in turn"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kinds: Sequence[JointKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in kinds}
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, one.name) for key, one in self.known.items()]
        field.initial = list(self.known)

    def clean_days(self) -> list[date]:
        """Read one day a line."""
        found = []
        for line in self.cleaned_data["days"].split():
            try:
                day = date.fromisoformat(line)
            except ValueError:
                raise forms.ValidationError(
                    _("“%(line)s” is not a day. Write it as 2027-03-05."), params={"line": line[:20]}
                ) from None
            if not FIRST_DAY <= day <= LAST_DAY:
                raise forms.ValidationError(_("“%(line)s” is too far away."), params={"line": line[:20]})
            found.append(day)
        return found

    def clean_kinds(self) -> list[JointKind]:
        """Return the kinds themselves."""
        return [self.known[key] for key in self.cleaned_data["kinds"]]


class AbsenceForm(forms.Form):
    """Days on which a member cannot host, both included."""

    membership = RowField(label=_("Who is away"))
    from_on = DayField(label=_("First day"))
    to_on = DayField(label=_("Last day"))
    reason = WordsField(
        label=_("Why"), required=False, max_length=200, help_text=_("Only those who manage the alliance see it.")
    )

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "membership", [(one, unit_name(one)) for one in members])


class SwapForm(forms.Form):
    """The turn of another unit that one would have instead."""

    other = forms.ChoiceField(label=_("For the turn of"))

    def __init__(self, *args: Any, turns: Sequence[TurnRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(turn.key, f"{date_format(turn.day, 'DATE_FORMAT')} · {turn.host}") for turn in turns]


class SkipForm(forms.Form):
    """Why a turn is skipped."""

    reason = WordsField(
        label=_("Why"), required=False, max_length=200, help_text=_("Only those who manage the alliance see it.")
    )


class StepInForm(forms.Form):
    """Who steps in."""

    membership = RowField(label=_("Who steps in"))

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "membership", [(one, unit_name(one)) for one in members])


class AnnounceForm(forms.Form):
    """What takes place in a turn, and where and when."""

    title = WordsField(label=_("Title"), max_length=120)
    joint_kind = RowField(label=_("Kind"))
    place = RowField(label=_("Place"))
    where = WordsField(label=_("Where exactly"), required=False, max_length=120)
    on = DayField(label=_("Day"))
    begins = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    about = WordsField(
        label=_("What it is about"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, kinds: Sequence[JointKind], places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "joint_kind", [(one, one.name) for one in kinds])
        offer(self, "place", [(one, one.name) for one in places])
