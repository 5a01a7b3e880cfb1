"""The tags and filters of the look, and the shape of the shared parts of pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from yiting.places import clock
from yiting.web import humane
from yiting.web.gallery_samples import steps
from yiting.web.icons import ICONS
from yiting.web.templatetags import look

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in Shanghai, a Sunday
ZONE = "Asia/Shanghai"


@pytest.fixture(autouse=True)
def _in_english_at_noon(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("en"):
        yield


def draw(source: str, **context: Any) -> str:
    """Render a template of text."""
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "¥0"),
        (5, "¥0.05"),
        (120_000, "¥1,200"),
        (120_050, "¥1,200.50"),
        (-700, "−¥7"),
        (None, ""),
        ("", ""),
    ],
)
def test_fen_reads_as_yuan(amount: int | None, text: str) -> None:
    """Integer fen are shown as yuan, with fen only when there are any."""
    assert look.fen(amount) == text


@pytest.mark.parametrize("amount", [1.5, True, "12"])
def test_fen_refuses_what_is_not_counted(amount: Any) -> None:
    """Money is integer fen: a float, a flag or a text is a fault."""
    with pytest.raises(TypeError):
        look.fen(amount)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "today 9:00"),
        (timedelta(hours=13), "yesterday 23:00"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "23 Oct"),
        (timedelta(days=365), "22 Nov 2025"),
        (timedelta(hours=-2), "today 14:00"),
        (timedelta(hours=-20), "tomorrow 8:00"),
        (timedelta(days=-5), "in 5 days"),
        (timedelta(days=-60), "21 Jan 2027"),
    ],
)
def test_near_times_by_distance_far_ones_by_date(before: timedelta, text: str) -> None:
    """Days are those of the place: 23:00 in Shanghai was yesterday although it is the same day in UTC."""
    assert humane.how_long_ago(NOW - before, zone=ZONE, now=NOW) == text


def test_the_day_turns_in_the_places_zone() -> None:
    """One moment is today in one place and yesterday in another."""
    at, now = datetime(2026, 11, 21, 17, 0, tzinfo=UTC), datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    assert humane.how_long_ago(at, zone=ZONE, now=now) == "today 1:00"
    assert humane.how_long_ago(at, zone="Europe/London", now=now) == "yesterday 17:00"


@pytest.mark.parametrize(
    ("lasted", "text"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=1, hours=23), "1 day"),
        (timedelta(days=40), "40 days"),
    ],
)
def test_how_long_in_the_largest_whole_unit(lasted: timedelta, text: str) -> None:
    """A length of time is never rounded up and never negative."""
    assert humane.how_long(NOW - lasted, now=NOW) == text


def test_time_filters_take_a_place_a_zone_or_nothing() -> None:
    """The zone comes from a Place, from a name, or from the settings; nothing gives nothing."""
    at = datetime(2024, 5, 11, 1, 12, tzinfo=UTC)
    for place in (SimpleNamespace(zone=ZONE), ZONE, None):
        assert look.place_time(at, place) == "11 May 2024, 9:12"
    assert look.place_time(date(2024, 5, 11)) == "11 May 2024"
    assert look.place_time(None) == look.ago(None) == look.since(None) == look.moment(None) == ""
    assert look.since(at, at + timedelta(hours=2)) == "2 hours"


def test_a_moment_keeps_the_exact_time() -> None:
    """The element carries the machine-readable time with the place's offset and the exact minute."""
    html = draw("{% moment at place %}", at=NOW - timedelta(minutes=5), place=ZONE)
    assert 'datetime="2026-11-22T11:55+08:00"' in html
    assert 'title="22 Nov, 11:55"' in html
    assert ">5 minutes ago<" in html


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "1"), (1_023, "1,023"), (None, "0")])
def test_counts_set_off_the_figure(count: int | None, text: str) -> None:
    """Counts of households and people set the figure off and agree in number."""
    assert f'<span class="count">{text}</span>' in look.household_count(count)
    assert look.people_count(count).endswith("person" if count == 1 else "people")


def test_roles_of_the_ledger_read_as_words() -> None:
    """A role label of the ledger is told in words; one that is not known stands as it is."""
    assert look.role_name("worker@天骄社区") == "Community worker, 天骄社区"
    assert look.role_name("resident") == "Resident"
    assert look.role_name("system:importer") == "system:importer"


def test_icons_are_hidden_unless_they_speak() -> None:
    """An icon without a label is decoration; a label is escaped."""
    for name in ICONS:
        assert 'aria-hidden="true"' in look.icon(name)
    spoken = look.icon("phone", '"><script>')
    assert 'role="img"' in spoken
    assert "<script>" not in spoken


def test_an_unknown_icon_is_a_fault() -> None:
    """A slip in a name shows itself in development, not as a hole in a page."""
    with pytest.raises(KeyError):
        look.icon("nonsense")


def test_qr_is_dark_on_white_with_a_quiet_zone() -> None:
    """The code can be read on a dark page: white field, four modules of margin, no inline style."""
    html = draw("{% qr text %}", text="https://example.org/r/<A&B>/")
    assert 'fill="#fff"' in html
    assert 'stroke="#111"' in html
    assert "style=" not in html
    assert "<A&B>" not in html
    assert 'd="M4 4.5h7' in html


def test_the_way_has_six_words_and_one_now() -> None:
    """Each step is said as done, here or not yet; the one under way is marked for screen readers."""
    html = draw("{% way steps %}", steps=steps(4))
    assert html.count("<li") == 6
    assert html.count('class="done"') == 4
    assert html.count('aria-current="step"') == 1
    assert html.count(", not yet") == 1
    assert "way-now" in html
    assert "way-now" not in draw('{% way steps "mini" %}', steps=steps(4))


@pytest.mark.parametrize("wrong", [steps(1)[:5], (*steps(1)[:5], SimpleNamespace(word="x", state="?", note=""))])
def test_a_wrong_way_is_a_fault(wrong: Any) -> None:
    """Five words, or a state that is none, never reach a page."""
    with pytest.raises(ValueError, match="six steps"):
        draw("{% way steps %}", steps=wrong)


class Asked(forms.Form):
    """A form with each kind of field."""

    text = forms.CharField(label="What is wrong", help_text="A few words.")
    phone = forms.CharField(required=False)
    how = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    """Label, help and error stand before the control and are named by aria-describedby."""
    html = draw('{% include "_field.html" %}', field=Asked({})["text"])
    assert '<label for="id_text">' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index("id_text_error") < html.index("<input")


def test_fields_that_may_stay_empty_say_so() -> None:
    """What need not be written is marked, not what must be."""
    assert "may be left empty" in draw('{% include "_field.html" %}', field=Asked()["phone"])
    assert "may be left empty" not in draw('{% include "_field.html" %}', field=Asked()["text"])


def test_groups_of_choices_are_fieldsets() -> None:
    """Radio buttons have a legend; a lone checkbox has its label at its side."""
    assert "<legend>" in draw('{% include "_field.html" %}', field=Asked()["how"])
    assert 'class="choice"' in draw('{% include "_field.html" %}', field=Asked()["agreed"])


def test_the_pager_keeps_the_filters() -> None:
    """Going on keeps every other part of the address; one page alone has no pager."""
    request = RequestFactory().get("/needs/?place=3&page=2")
    pager = Paginator(range(90), 30)
    html = render_to_string("_pager.html", {"pager": pager.page(2)}, request=request)
    assert 'href="?place=3&amp;page=1"' in html
    assert 'href="?place=3&amp;page=3"' in html
    assert "Page 2 of 3" in html
    assert not render_to_string("_pager.html", {"pager": Paginator([], 30).page(1)}, request=request).strip()


@dataclass(frozen=True)
class Item:
    """A need as lists give it."""

    code: str = "A1"
    title: str = "<b>Lamp</b>"
    households: int = 23
    url: str = "/needs/A1/"
    waiting: str = ""
    state_label: str = "being done"
    quote: str = "dark & wet"


def test_a_need_in_a_list_is_escaped_and_whole() -> None:
    """Residents' words are escaped; the tag says who is waited for before it says the state."""
    html = draw('{% include "_need_item.html" %}', item=Item())
    assert "&lt;b&gt;Lamp" in html
    assert "“dark &amp; wet”" in html
    assert "being done" in html
    waiting = draw('{% include "_need_item.html" %}', item=Item(waiting="waiting for the office"))
    assert "tag wait" in waiting
    assert "being done" not in waiting
