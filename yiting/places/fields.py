"""Fields that forms of every module are made of: people's words, days, hours, and one of some rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2100, 12, 31)
DAY_FORMAT = "%Y-%m-%d"


class WordsField(forms.CharField):
    """People's own words: null characters, which no database keeps, are dropped instead of scolded at.

    With `rows` there is room for so many lines.
    """

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Drop what no text holds."""
        return str(super().to_python(value.replace("\x00", "") if isinstance(value, str) else value))


class DayField(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format=DAY_FORMAT))
        super().__init__(validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)], **kwargs)


class HourField(forms.TimeField):
    """An hour of the day, as the clock at the place shows it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(**kwargs)


class OneOfField(forms.ChoiceField):
    """One of some rows, chosen by its key and cleaned to the row itself."""

    def __init__(self, *, empty: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty = empty
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Sequence[tuple[Any, str]]) -> None:
        """Offer rows with their labels; what may be left empty begins with the empty choice."""
        self.rows = {str(row.pk): row for row, _label in rows}
        first = [] if self.required and self.empty is None else [("", self.empty or _("Not said"))]
        self.choices = [*first, *((key, label) for key, (_row, label) in zip(self.rows, rows, strict=True))]

    def clean(self, value: Any) -> Any:
        """Return the chosen row, or None."""
        return self.rows.get(super().clean(value))


def offer(form: forms.Form, name: str, rows: Sequence[tuple[Any, str]]) -> None:
    """Offer rows in a field of a form."""
    field = form.fields[name]
    assert isinstance(field, OneOfField)
    field.offer(rows)
