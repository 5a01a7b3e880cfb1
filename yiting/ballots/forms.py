"""The shapes of what is filled in about rounds and ballots; what may be done is for the services to decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.ballots.models import (
    Candidate,
    Completion,
    Kind,
    Round,
    Rule,
    Satisfaction,
    Threshold,
    Ties,
)
from yiting.ballots.receipts import fresh_salt
from yiting.ballots.services import CandidatePlan, RoundPlan
from yiting.people.models import Account, Organisation
from yiting.places.fields import DayField, OneOfField, WordsField, offer
from yiting.places.models import Place
from yiting.projects.errors import MoneyUnreadable
from yiting.projects.money import read_yuan, yuan_text

FIRST_YEAR, LAST_YEAR = 1990, 2100
TEXT_LIMIT = 4_000
NUMBER_MOST = 1_000


class YuanField(forms.CharField):
    """An amount of yuan, cleaned to integer fen; None when nothing is said."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Read the yuan as fen."""
        try:
            return read_yuan(super().clean(value))
        except MoneyUnreadable as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal


class ReasonForm(forms.Form):
    """A public reason."""

    reason = WordsField(label=_("Reason"), max_length=TEXT_LIMIT, rows=2, help_text=_("Everybody can read it."))


class RoundForm(forms.Form):
    """A round: its money, its calendar, who votes and how, and by which rule it is counted."""

    title = WordsField(label=_("Title"), max_length=200)
    about = WordsField(label=_("What it is about"), required=False, max_length=TEXT_LIMIT, rows=3)
    place = OneOfField(label=_("Place"))
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    budget = YuanField(label=_("Money in yuan"))
    collect_until_on = DayField(label=_("Candidates until"))
    check_until_on = DayField(label=_("Checked until"))
    publish_on = DayField(label=_("List public on"))
    opens_on = DayField(label=_("Voting from"))
    closes_on = DayField(label=_("Voting until"))
    objections_until_on = DayField(label=_("Objections until"))
    who = forms.ChoiceField(label=_("Who votes"), choices=Round.Who.choices)
    by_household = forms.BooleanField(label=_("Each household has one vote"), required=False)
    organisations = forms.MultipleChoiceField(label=_("Organisations whose people vote"), required=False)
    kind = forms.ChoiceField(label=_("How a ballot is filled in"), choices=Kind.choices)
    most = forms.IntegerField(
        label=_("How many may be marked, or how many points there are"),
        required=False,
        min_value=1,
        max_value=NUMBER_MOST,
    )
    rule = forms.ChoiceField(
        label=_("Rule"),
        choices=Rule.choices,
        help_text=_("It stands on the public page from the first day, with an explanation in plain words."),
    )
    satisfaction = forms.ChoiceField(label=_("What a project counts for its voters"), choices=Satisfaction.choices)
    completion = forms.ChoiceField(
        label=_("Money left over"), choices=Completion.choices, help_text=_("Only with equal shares.")
    )
    threshold = forms.ChoiceField(
        label=_("Majority needed"), choices=Threshold.choices, help_text=_("Only when deputies vote for and against.")
    )
    ties = forms.ChoiceField(label=_("If two stand equal"), choices=Ties.choices)
    longer_list = forms.BooleanField(label=_("The list must cost more than there is money for"), required=False)
    smallest_group = forms.IntegerField(
        label=_("Smallest group shown"),
        min_value=1,
        max_value=NUMBER_MOST,
        help_text=_("Estates with fewer ballots than this are told of together."),
    )

    def __init__(
        self, *args: Any, places: Sequence[Place], organisations: Sequence[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", tree_of(places))
        self._organisations = {str(one.pk): one for one in organisations}
        field = self.fields["organisations"]
        assert isinstance(field, forms.MultipleChoiceField), "declared above"
        field.choices = [(key, one.name) for key, one in self._organisations.items()]

    def plan(self) -> RoundPlan:
        """What was filled in, as the service takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("reason", "budget")}
        chosen = [self._organisations[key] for key in data["organisations"]]
        return RoundPlan(**(data | {"budget_fen": self.cleaned_data["budget"], "organisations": chosen}))


class ChangeRoundForm(RoundForm):
    """A change of a round, with its public reason."""

    reason = WordsField(label=_("Reason"), max_length=TEXT_LIMIT, rows=2, help_text=_("Everybody can read it."))


def round_initial(round: Round) -> dict[str, Any]:
    """A round as it stands, for the form."""
    names = [name for name in RoundForm.declared_fields if name not in ("place", "organisations", "budget")]
    return {
        **{name: getattr(round, name) for name in names},
        "place": round.place_id,
        "budget": yuan_text(round.budget_fen),
        "organisations": [str(one.pk) for one in round.organisations.all()],
    }


class CandidateForm(forms.Form):
    """A candidate; what it comes from stands beside it."""

    title = WordsField(label=_("Title"), max_length=200, help_text=_("What it will be, in plain words."))
    purpose = WordsField(label=_("What it is for"), required=False, max_length=TEXT_LIMIT, rows=3)
    place = OneOfField(label=_("Place"))
    cost = YuanField(
        label=_("Cost in yuan"), required=False, help_text=_("An estimate; the department may set it when it checks.")
    )
    category = WordsField(label=_("Kind"), required=False, max_length=80)
    alternatives = WordsField(
        label=_("Only one of"),
        required=False,
        max_length=80,
        help_text=_("Give the same word to candidates of which only one can be built."),
    )
    department = OneOfField(label=_("Who checks whether it can be done"), required=False)

    def __init__(self, *args: Any, places: Sequence[Place], departments: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", tree_of(places))
        offer(self, "department", [(one, one.name) for one in departments])

    def plan(self, **more: Any) -> CandidatePlan:
        """What was filled in, as the service takes it."""
        data = dict(self.cleaned_data)
        return CandidatePlan(cost_fen=data.pop("cost"), **(data | more))


class LimitForm(forms.Form):
    """How many candidates of a kind may be built, or for how much money."""

    category = forms.ChoiceField(label=_("Kind"))
    most = forms.IntegerField(label=_("How many at most"), required=False, min_value=1, max_value=NUMBER_MOST)
    most_cost = YuanField(
        label=_("Money at most, in yuan"), required=False, help_text=_("One of the two is enough. It is public.")
    )

    def __init__(self, *args: Any, categories: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = [(one, one) for one in categories]
        self.has_kinds = bool(categories)


def candidate_initial(candidate: Candidate) -> dict[str, Any]:
    """A candidate as it stands, for the form."""
    return {
        **{name: getattr(candidate, name) for name in ("title", "purpose", "category", "alternatives")},
        "place": candidate.place_id,
        "department": candidate.department_id,
        "cost": yuan_text(candidate.cost_fen),
    }


class CheckForm(ReasonForm):
    """Whether it can be done, what it costs, and why."""

    feasible = forms.ChoiceField(
        label=_("Can it be done?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    cost = YuanField(label=_("Cost in yuan"), required=False)
    field_order = ("feasible", "cost", "reason")


class OverrideForm(ReasonForm):
    """That a council decides otherwise, with the law that lets it."""

    legal_basis = WordsField(
        label=_("Legal basis"), max_length=400, help_text=_("The law and the article that let the council do so.")
    )
    field_order = ("reason", "legal_basis")


class ObserverForm(forms.Form):
    """Who may open the ballots after closing."""

    account = OneOfField(label=_("Observer"))

    def __init__(self, *args: Any, accounts: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "account", [(one, str(one)) for one in accounts])


class ObjectionForm(forms.Form):
    """What somebody objects to."""

    text = WordsField(
        label=_("Your objection"),
        max_length=TEXT_LIMIT,
        rows=3,
        help_text=_("Everybody can read it, without your name. The office answers it in public."),
    )


class AnswerForm(forms.Form):
    """The public answer to an objection."""

    answer = WordsField(label=_("Answer"), max_length=TEXT_LIMIT, rows=3, help_text=_("Everybody can read it."))


class PrintForm(forms.Form):
    """How many paper ballots to print."""

    number = forms.IntegerField(label=_("How many papers"), min_value=1, max_value=500, initial=50)


class SerialForm(forms.Form):
    """The number in the corner of a paper ballot."""

    serial = WordsField(label=_("Number of the paper ballot"), max_length=20)


class VoterForm(forms.Form):
    """Whom a worker has before them."""

    building = OneOfField(label=_("Building"))
    home = WordsField(
        label=_("Unit and room"),
        required=False,
        max_length=60,
        help_text=_("Needed where each household has one vote."),
    )
    phone = WordsField(
        label=_("Telephone"), required=False, max_length=40, help_text=_("Needed where each person has one vote.")
    )

    def __init__(self, *args: Any, buildings: Sequence[tuple[Place, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "building", buildings)


class DeputyForm(forms.Form):
    """Which deputy or member a worker has before them."""

    account = OneOfField(label=_("Who it is"))

    def __init__(self, *args: Any, accounts: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "account", [(one, str(one)) for one in accounts])


class PassForm(forms.Form):
    """The code from the counter."""

    code = forms.CharField(
        label=_("Code from the counter"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ReceiptForm(forms.Form):
    """A receipt to look for, or the number of a paper ballot."""

    receipt = WordsField(
        label=_("Your receipt"),
        max_length=400,
        help_text=_("The long line of your receipt, or the number of your paper."),
    )


class BallotForm(forms.Form):
    """A ballot: one field for each candidate, shaped as the round's kind asks."""

    # a paper that is entered has none
    step = forms.ChoiceField(
        choices=[("back", "back"), ("look", "look"), ("cast", "cast")], required=False, widget=forms.HiddenInput
    )
    salt = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: Round, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = round.kind
        for one in candidates:
            self.fields[f"c{one.number}"] = _mark_field(round, one)

    def pairs(self) -> list[tuple[int, int]]:
        """The marks as they were set, number by number."""
        marked = []
        for name, value in self.cleaned_data.items():
            number = name.removeprefix("c")
            if name != number and number.isdigit() and value not in (None, "", False):
                marked.append((int(number), int(value)))
        return marked

    @property
    def salt_or_new(self) -> str:
        """The secret number of this ballot; made when it is first looked at."""
        return self.cleaned_data.get("salt") or fresh_salt()


def _mark_field(round: Round, candidate: Candidate) -> forms.Field:
    label = candidate.title
    if round.kind == Kind.YES_NO:
        choices = [("1", _("In favour")), ("-1", _("Against")), ("0", _("Abstain"))]
        return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)
    if round.kind in (Kind.POINTS, Kind.RANKING):
        attrs = {"inputmode": "numeric", "min": "0", "class": "mark"}
        return forms.IntegerField(
            label=label,
            required=False,
            min_value=-NUMBER_MOST,
            max_value=NUMBER_MOST,
            widget=forms.NumberInput(attrs=attrs),
        )
    cost = {"data-cost": str(candidate.cost_fen or 0)}
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(attrs=cost))


def tree_of(places: Sequence[Place]) -> list[tuple[Place, str]]:
    """Places with their names, indented as a tree."""
    top = min((one.path.count("/") for one in places), default=0)
    return [(one, "\u3000" * (one.path.count("/") - top) + one.name) for one in places]
