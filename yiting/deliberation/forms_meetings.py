"""The shapes of what is filled in about meetings, resolutions, conventions and disputes; services decide the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from yiting.activities.models import Activity
from yiting.deliberation.models import Article, Resolution, Topic
from yiting.deliberation.services import AgendaItem, ArticleChange, Quarreller, TaskPlan
from yiting.people.models import Organisation, RoleKind
from yiting.places.fields import DayField, HourField, OneOfField, WordsField, offer
from yiting.places.models import Place

TASK_ROWS = (1, 2, 3)
PARTY_ROWS = (1, 2, 3, 4)
INVITED_ROLES = (RoleKind.RESIDENT, RoleKind.WORKER, RoleKind.STREET, RoleKind.DEPUTY, RoleKind.ALLIANCE)


class CallForm(forms.Form):
    """A meeting as it is called. Times are those of the place."""

    title = WordsField(label=_("Title"), max_length=120, help_text=_("For example “council of the estate”."))
    place = OneOfField(label=_("Place"))
    where = WordsField(
        label=_("Where exactly"), required=False, max_length=120, help_text=_("For example “pavilion, by the gate”.")
    )
    day = DayField(label=_("Day"))
    starts = HourField(label=_("Begins at"))
    ends = HourField(label=_("Ends at"))
    lead = OneOfField(label=_("Who calls it"))
    topic = OneOfField(label=_("Which topic it is about"), required=False)
    agenda = WordsField(label=_("Agenda"), rows=4, help_text=_("One point a line, as people will read it."))
    sign_up_for = forms.ChoiceField(label=_("Who signs up"), choices=Activity.SignUpFor.choices)
    quorum = forms.IntegerField(
        label=_("How many must be there to decide"),
        min_value=0,
        max_value=5_000,
        initial=0,
        help_text=_("0 if no number is asked."),
    )
    approvals_needed = forms.IntegerField(
        label=_("How many must approve of the minutes"), min_value=1, max_value=500, initial=1
    )
    roles = forms.MultipleChoiceField(
        label=_("Invite all who are"),
        required=False,
        choices=[(role.value, role.label) for role in INVITED_ROLES],
        widget=forms.CheckboxSelectMultiple,
    )
    units = forms.MultipleChoiceField(
        label=_("Invite the people of"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        places: Sequence[Place],
        units: Sequence[Organisation],
        topics: Sequence[Topic],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units_by_key = {str(one.pk): one for one in units}
        top = min((place.path.count("/") for place in places), default=0)
        offer(self, "place", [(one, "\u3000" * (one.path.count("/") - top) + one.name) for one in places])
        offer(self, "lead", [(one, one.name) for one in units])
        offer(self, "topic", [(one, one.question) for one in topics])
        field = self.fields["units"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, one.name) for key, one in self.units_by_key.items()]

    def clean_units(self) -> list[Organisation]:
        """The organisations themselves."""
        return [self.units_by_key[key] for key in self.cleaned_data["units"]]

    def clean_agenda(self) -> list[AgendaItem]:
        """The points, one a line; empty lines are none."""
        return [AgendaItem(title=line) for line in self.cleaned_data["agenda"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        """Make times of the day and the hours, in the zone of the place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            zone = ZoneInfo(cleaned["place"].zone)
            cleaned["starts_at"] = datetime.combine(cleaned["day"], cleaned["starts"], zone)
            cleaned["ends_at"] = datetime.combine(cleaned["day"], cleaned["ends"], zone)
        return cleaned


class PointForm(forms.Form):
    """What came of a point."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    decision = WordsField(label=_("Decision"), rows=2, required=False, max_length=1_000)
    votes_for = forms.IntegerField(label=_("Votes for"), required=False, min_value=0, max_value=100_000)
    votes_against = forms.IntegerField(label=_("Votes against"), required=False, min_value=0, max_value=100_000)
    abstained = forms.IntegerField(label=_("Abstained"), required=False, min_value=0, max_value=100_000)
    dissent = WordsField(
        label=_("Who saw it otherwise, and why"),
        rows=2,
        required=False,
        max_length=1_000,
        help_text=_("The role, not the name; the reason in a sentence."),
    )


class SaidForm(forms.Form):
    """A line of what was said."""

    role = WordsField(
        label=_("In which role"),
        max_length=40,
        help_text=_("For example “residents’ representative, building 3”. Never a name."),
    )
    text = WordsField(label=_("What was said"), rows=2, max_length=400)


class PointAddForm(forms.Form):
    """One more point."""

    title = WordsField(label=_("Point of the agenda"), max_length=120)


class RulesForm(forms.Form):
    """The two numbers that an office sets."""

    quorum = forms.IntegerField(label=_("How many must be there to decide"), min_value=0, max_value=5_000)
    approvals_needed = forms.IntegerField(label=_("How many must approve of the minutes"), min_value=1, max_value=500)


class ReasonForm(forms.Form):
    """A public reason."""

    reason = WordsField(label=_("Reason"), rows=2, max_length=400, help_text=_("It is public."))


class AnswerForm(forms.Form):
    """What one who was there says of the minutes; which of the two buttons was tapped."""

    answer = forms.ChoiceField(choices=[("yes", _("They are right")), ("no", _("I object"))])
    word = WordsField(label=_("Your word"), required=False, max_length=400)
    voice = forms.IntegerField(min_value=1, max_value=2**62)


class TaskForm(forms.Form):
    """A task for an organisation."""

    what = WordsField(label=_("What is to be done"), max_length=200)
    organisation = OneOfField(label=_("Who does it"))
    due_on = DayField(label=_("By when"))

    def __init__(self, *args: Any, units: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", [(one, one.name) for one in units])


class ResolutionForm(forms.Form):
    """A resolution with up to three tasks; more can be set afterwards."""

    title = WordsField(label=_("Title"), max_length=120)
    text = WordsField(label=_("What was decided"), rows=4, max_length=4_000)

    def __init__(self, *args: Any, units: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in TASK_ROWS:
            self.fields[f"what_{n}"] = WordsField(label=_("Task %(n)s") % {"n": n}, required=False, max_length=200)
            self.fields[f"who_{n}"] = OneOfField(label=_("Who does task %(n)s") % {"n": n}, required=False)
            self.fields[f"due_{n}"] = DayField(label=_("By when, task %(n)s") % {"n": n}, required=False)
            offer(self, f"who_{n}", [(one, one.name) for one in units])

    def clean(self) -> dict[str, Any]:
        """Make tasks of the rows; a row is whole or empty."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        plans = []
        for n in TASK_ROWS:
            what, who, due = cleaned.get(f"what_{n}"), cleaned.get(f"who_{n}"), cleaned.get(f"due_{n}")
            if what and who and due:
                plans.append(TaskPlan(what=what, organisation=who, due_on=due))
            elif what or who or due:
                self.add_error(f"what_{n}", _("A task says what, who and by when. Fill in all three or none."))
        cleaned["tasks"] = plans
        return cleaned


class FollowForm(forms.Form):
    """How far a task is."""

    text = WordsField(label=_("How far it is"), rows=2, max_length=400)


class FinishForm(forms.Form):
    """What shows that a task is done."""

    outcome = WordsField(
        label=_("What shows that it is done"),
        rows=2,
        max_length=400,
        help_text=_("As if you described a photo to somebody who cannot see it."),
    )
    evidence = WordsField(label=_("Link to a photo or a paper"), required=False, max_length=400)


class MoveForm(forms.Form):
    """Another day for a task."""

    due_on = DayField(label=_("By when"))
    reason = WordsField(label=_("Reason"), rows=2, max_length=400, help_text=_("It is public."))


class ConventionForm(forms.Form):
    """The first text of a convention."""

    title = WordsField(label=_("Title"), max_length=120)
    articles = WordsField(
        label=_("Articles"),
        rows=10,
        max_length=200_000,
        help_text=_("Leave an empty line between articles. Of two lines or more, the first is the heading."),
    )
    in_force_on = DayField(label=_("In force from"), required=False)

    def clean_articles(self) -> list[ArticleChange]:
        """The articles, parted by empty lines."""
        blocks: list[list[str]] = [[]]
        for line in self.cleaned_data["articles"].splitlines():
            if line.strip():
                blocks[-1].append(line.strip())
            elif blocks[-1]:
                blocks.append([])
        return [
            ArticleChange(heading=block[0] if len(block) > 1 else "", text="\n".join(block[1:] or block))
            for block in blocks
            if block
        ]


class AmendForm(forms.Form):
    """The articles as they are to read; what is left as it stands does not change."""

    resolution = OneOfField(label=_("By which resolution"))
    in_force_on = DayField(label=_("In force from"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    new_heading = WordsField(label=_("Heading of a new article"), required=False, max_length=60)
    new_text = WordsField(label=_("A new article"), rows=2, required=False, max_length=2_000)

    def __init__(
        self, *args: Any, articles: Sequence[Article], resolutions: Sequence[Resolution], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.articles = articles
        offer(self, "resolution", [(one, f"{one.decided_on} {one.title}") for one in resolutions])
        for one in articles:
            number = {"n": one.number}
            self.fields[f"heading_{one.number}"] = WordsField(
                label=_("Heading of article %(n)s") % number, required=False, max_length=60, initial=one.heading
            )
            self.fields[f"text_{one.number}"] = WordsField(
                label=_("Article %(n)s") % number,
                rows=2,
                required=False,
                max_length=2_000,
                initial=one.text,
                help_text=_("Empty it to strike the article out."),
            )
        last = ("new_heading", "new_text")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def clean(self) -> dict[str, Any]:
        """Gather what reads differently."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        changes = []
        for one in self.articles:
            heading, text = cleaned.get(f"heading_{one.number}", ""), cleaned.get(f"text_{one.number}", "")
            text = text.replace("\r\n", "\n").strip()
            if (heading.strip(), text) != (one.heading, one.text):
                changes.append(ArticleChange(number=one.number, heading=heading, text=text or None))
        if cleaned.get("new_text"):
            changes.append(ArticleChange(heading=cleaned.get("new_heading", ""), text=cleaned["new_text"]))
        cleaned["changes"] = changes
        return cleaned


class DisputeForm(forms.Form):
    """A record as it is opened."""

    place = OneOfField(label=_("Place"))
    subject = WordsField(label=_("What the quarrel is about"), max_length=200)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", [(one, one.name) for one in places])
        for n in PARTY_ROWS:
            self.fields[f"name_{n}"] = WordsField(
                label=_("Name of party %(n)s") % {"n": n}, required=False, max_length=40
            )
            self.fields[f"phone_{n}"] = WordsField(
                label=_("Telephone of party %(n)s") % {"n": n}, required=False, max_length=30
            )

    def clean(self) -> dict[str, Any]:
        """Make parties of the rows that are filled in."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        rows = [Quarreller(name=cleaned.get(f"name_{n}", ""), phone=cleaned.get(f"phone_{n}", "")) for n in PARTY_ROWS]
        cleaned["parties"] = [row for row in rows if row.name or row.phone]
        return cleaned


class NoteForm(forms.Form):
    """Something noted down."""

    text = WordsField(label=_("Note"), rows=3, max_length=4_000)


class AgreementForm(forms.Form):
    """The text that the parties are to agree to."""

    text = WordsField(label=_("Agreement"), rows=5, max_length=4_000)


class HandOverForm(forms.Form):
    """Who mediates from now on."""

    mediator = OneOfField(label=_("Who mediates from now on"))
