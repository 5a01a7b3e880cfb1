"""The shapes of what is filled in about activities; what may be done is for the services to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.activities.models import Activity, Feedback, Kind
from yiting.activities.repeating import MOST, WEEKDAYS, zone_of
from yiting.people.models import Organisation
from yiting.places.fields import DayField, HourField, OneOfField, WordsField, offer
from yiting.places.models import Place

TEXT_LIMIT = 4_000
HEADS_LIMIT = 500
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


class BoardForm(forms.Form):
    """The filters of the list; whatever does not fit is not asked for."""

    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    kind = forms.SlugField(required=False, max_length=40)
    past = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class PlanForm(forms.Form):
    """An activity: what, where, when, who holds it, and who signs up. Times are those of the place."""

    kind = OneOfField(label=_("Kind"))
    title = WordsField(label=_("Title"), max_length=120, help_text=_("What it is, in plain words."))
    place = OneOfField(label=_("Place"), help_text=_("Those who live there see it in their list."))
    where = WordsField(
        label=_("Where exactly"), required=False, max_length=120, help_text=_("For example “pavilion, by the gate”.")
    )
    day = DayField(label=_("Day"))
    whole_days = forms.BooleanField(label=_("The whole day"), required=False)
    starts = HourField(label=_("Begins at"), required=False)
    ends = HourField(label=_("Ends at"), required=False)
    last_day = DayField(
        label=_("Last day"), required=False, help_text=_("Only if it goes past midnight or over several days.")
    )
    about = WordsField(
        label=_("What it is about"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )
    lead = OneOfField(label=_("Who leads it"))
    co_hosts = forms.MultipleChoiceField(
        label=_("Who holds it together with them"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sign_up_for = forms.ChoiceField(label=_("Who signs up"), choices=Activity.SignUpFor.choices)
    capacity = forms.IntegerField(
        label=_("Room for how many people"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Leave it empty if there is room for all. When it is full, people wait and move up in order."),
    )
    sign_up_until = forms.DateTimeField(
        label=_("Signing up until"),
        required=False,
        input_formats=[MOMENT_FORMAT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT_FORMAT),
        help_text=_("Leave it empty if people may sign up until it ends."),
    )
    listed = forms.BooleanField(label=_("Show it in the public list"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[Kind],
        places: Sequence[Place],
        hosts: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hosts = {str(one.pk): one for one in hosts}
        top = min((place.path.count("/") for place in places), default=0)
        offer(self, "kind", [(one, one.name) for one in kinds])
        offer(self, "place", [(one, "\u3000" * (one.path.count("/") - top) + one.name) for one in places])
        offer(self, "lead", [(one, one.name) for one in hosts])
        field = self.fields["co_hosts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, one.name) for key, one in self.hosts.items()]

    def clean_co_hosts(self) -> list[Organisation]:
        """Return the organisations themselves."""
        return [self.hosts[key] for key in self.cleaned_data["co_hosts"]]

    def clean_sign_up_until(self) -> datetime | None:
        """The time as typed: it is one of the place, which `clean` knows."""
        moment: datetime | None = self.cleaned_data["sign_up_until"]
        return moment.replace(tzinfo=None) if moment is not None else None

    def clean(self) -> dict[str, Any]:
        """Make times of days and hours, in the zone of the place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("whole_days"):
            for name in ("starts", "ends"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Say the hour, or tick “the whole day”."))
        if self.errors:
            return cleaned
        zone = zone_of(cleaned["place"].zone)
        first, last = cleaned["day"], cleaned["last_day"] or cleaned["day"]
        if cleaned["whole_days"]:
            starts_at = datetime.combine(first, time(), zone)
            ends_at = datetime.combine(last, time(23, 59), zone)
        else:
            starts_at = datetime.combine(first, cleaned["starts"], zone)
            ends_at = datetime.combine(last, cleaned["ends"], zone)
        until = cleaned["sign_up_until"]
        cleaned |= {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "sign_up_until": until.replace(tzinfo=zone) if until is not None else None,
        }
        return cleaned


class RepeatingForm(PlanForm):
    """A new activity, or a series of them by a simple rule."""

    class Repeat:
        """How often it takes place."""

        ONCE, DAILY, WEEKLY, FORTNIGHTLY, MONTHLY, MONTHLY_WEEKDAY = (
            "once",
            "daily",
            "weekly",
            "fortnightly",
            "monthly",
            "weekday",
        )

    field_order = (
        "kind",
        "title",
        "place",
        "where",
        "day",
        "whole_days",
        "starts",
        "ends",
        "last_day",
        "repeat",
        "until",
        "times",
    )
    repeat = forms.ChoiceField(
        label=_("How often"),
        choices=(
            (Repeat.ONCE, _("Once")),
            (Repeat.DAILY, _("Every day")),
            (Repeat.WEEKLY, _("Every week")),
            (Repeat.FORTNIGHTLY, _("Every two weeks")),
            (Repeat.MONTHLY, _("Every month on the same date")),
            (Repeat.MONTHLY_WEEKDAY, _("Every month on the same weekday")),
        ),
    )
    until = DayField(label=_("Until which day"), required=False)
    times = forms.IntegerField(label=_("Or how many times"), required=False, min_value=1, max_value=MOST)

    def rule(self) -> str:
        """The choice as a repeat rule; empty for once."""
        said = self.cleaned_data
        day: date = said["day"]
        rules = {
            self.Repeat.ONCE: "",
            self.Repeat.DAILY: "FREQ=DAILY",
            self.Repeat.WEEKLY: "FREQ=WEEKLY",
            self.Repeat.FORTNIGHTLY: "FREQ=WEEKLY;INTERVAL=2",
            self.Repeat.MONTHLY: "FREQ=MONTHLY",
            self.Repeat.MONTHLY_WEEKDAY: f"FREQ=MONTHLY;BYDAY={_which(day)}{WEEKDAYS[day.weekday()]}",
        }
        rule = rules[said["repeat"]]
        if rule and said["times"]:
            return f"{rule};COUNT={said['times']}"
        return f"{rule};UNTIL={said['until']:%Y%m%d}" if rule and said["until"] else rule

    def clean(self) -> dict[str, Any]:
        """What repeats says how often or until when, one of both."""
        cleaned = super().clean()
        if cleaned.get("repeat") not in (None, self.Repeat.ONCE):
            if not cleaned.get("until") and not cleaned.get("times"):
                self.add_error("until", _("Say until which day, or how many times."))
            elif cleaned.get("until") and cleaned.get("times"):
                self.add_error("times", _("Say the last day or how many times, not both."))
        return cleaned


class ChangeForm(PlanForm):
    """A change of one activity, or of this and the following of its series."""

    THIS, FOLLOWING = "this", "following"
    which = forms.ChoiceField(
        label=_("What is changed"),
        choices=((THIS, _("This one alone")), (FOLLOWING, _("This and those that follow it"))),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31, widget=forms.HiddenInput)

    def __init__(self, *args: Any, in_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_series:
            del self.fields["which"]


class CancelForm(forms.Form):
    """Why it does not take place, and of a series whether the following ones neither."""

    reason = WordsField(
        label=_("Why, in words for those who wanted to come"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    which = forms.ChoiceField(
        label=_("What is cancelled"),
        choices=((ChangeForm.THIS, _("This one alone")), (ChangeForm.FOLLOWING, _("This and those that follow it"))),
    )

    def __init__(self, *args: Any, in_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_series:
            del self.fields["which"]


class ReportForm(forms.Form):
    """How it went."""

    report = WordsField(
        label=_("How it went"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences. How many came is counted already."),
    )


class PhotoForm(forms.Form):
    """A photo with its words."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_(
            "Where and when it was taken is removed. Take none on which people can be recognised against their will."
        ),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    caption = WordsField(label=_("In words, for those who cannot see it"), max_length=120)


class MaterialForm(forms.Form):
    """Something to read: a link or a file."""

    title = WordsField(label=_("Title"), max_length=120)
    link = WordsField(
        label=_("Link"), required=False, max_length=400, widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    file = forms.FileField(label=_("Or a file"), required=False)


class KindForm(forms.Form):
    """The name of a kind; without the code of one it is a new kind."""

    code = forms.SlugField(max_length=40, required=False)
    name = WordsField(max_length=200, required=False)


class SignUpForm(forms.Form):
    """Coming: for oneself, with a name and a number only if one likes, or for one's unit."""

    heads = forms.IntegerField(min_value=1, max_value=HEADS_LIMIT, required=False)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    name = WordsField(required=False, max_length=40)
    phone = WordsField(required=False, max_length=30)
    key = WordsField(required=False, max_length=64)


class CheckInForm(forms.Form):
    """Being there: so many heads, oneself, or one's unit."""

    COUNT, SELF, UNIT = "count", "self", "unit"
    what = forms.ChoiceField(choices=[(COUNT, COUNT), (SELF, SELF), (UNIT, UNIT)])
    heads = forms.IntegerField(min_value=1, max_value=HEADS_LIMIT, required=False)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    key = WordsField(required=False, max_length=64)


class CountForm(forms.Form):
    """How many came without signing up, counted by hand."""

    heads = forms.IntegerField(
        label=_("How many more people are there"), min_value=1, max_value=HEADS_LIMIT, help_text=_("Nobody is named.")
    )
    key = WordsField(required=False, max_length=64, widget=forms.HiddenInput)


class FeedbackForm(forms.Form):
    """One tap and, if one likes, a word."""

    verdict = forms.ChoiceField(choices=Feedback.Verdict.choices)
    word = WordsField(required=False, max_length=200)
    key = WordsField(required=False, max_length=64)


def _which(day: date) -> int:
    """Which of its weekday a day is in its month, the last one counted from the end."""
    return -1 if (day + timedelta(days=7)).month != day.month else (day.day - 1) // 7 + 1
