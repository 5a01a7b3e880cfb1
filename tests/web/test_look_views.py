"""Text size, the about page, the gallery and the error pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from yiting.places.errors import Refused
from yiting.web import context, views
from yiting.web.gallery_samples import SHEETS


class Outline(HTMLParser):
    """Collects headings, landmarks, and anything inline that the content policy would block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if names.get("id"):
            self.ids.append(str(names["id"]))
        self.inline += [name for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.inline.append(tag)


def asked(path: str = "/", **cookies: str) -> Any:
    """A request as the pages see it."""
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    return request


@pytest.mark.parametrize("size", context.SIZES)
def test_a_known_size_is_remembered_for_a_year(client: Client, size: str) -> None:
    """The cookie holds the size for a year and the reader is back where they were."""
    answer = client.post("/size/", {"size": size, "next": "/about/?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/about/?a=1")
    cookie = answer.cookies[context.SIZE_COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (size, 31_536_000, "Lax")


@pytest.mark.parametrize("address", ["a", "-1", "null", "needs:home", "%00", "", "//elsewhere.example/"])
def test_an_odd_address_to_go_back_to_breaks_nothing(client: Client, address: str) -> None:
    """What was sent is followed as an address of ours or not at all, and is never looked up as the name of a view."""
    answer = client.post("/size/", {"size": "elder", "next": address})
    assert answer.status_code == 302
    assert answer["Location"] in {address, "/"}
    assert "elsewhere" not in answer["Location"]


@pytest.mark.parametrize("size", ["", "huge", "elder;x"])
def test_an_unknown_size_changes_nothing(client: Client, size: str) -> None:
    """A size that is none leaves the cookie alone."""
    assert context.SIZE_COOKIE not in client.post("/size/", {"size": size}).cookies


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(client: Client, away: str) -> None:
    """A foreign address is never followed, neither from the form nor from the referer."""
    answer = client.post("/size/", {"size": "elder", "next": away}, headers={"referer": away})
    assert answer["Location"] == "/"


def test_without_an_address_the_referer_is_used(client: Client) -> None:
    """The page one came from is good enough when it is ours."""
    answer = client.post("/size/", {"size": "elder"}, headers={"referer": "http://testserver/about/"})
    assert answer["Location"] == "http://testserver/about/"


def test_size_is_set_by_post_alone(client: Client) -> None:
    """A link or a picture cannot change the size."""
    assert client.get("/size/").status_code == 405


@pytest.mark.parametrize(("cookie", "size"), [("elder", "elder"), ("nonsense", "normal"), ("", "normal")])
def test_a_forged_cookie_is_the_normal_size(cookie: str, size: str) -> None:
    """What is not a size never reaches the page."""
    assert context.page(asked(yiting_size=cookie))["page"].size == size


@pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_page_says_its_language(language: str, tag: str) -> None:
    """The language of a page is a tag that browsers and screen readers know."""
    with translation.override(language):
        assert context.page(asked())["page"].lang == tag
        html = render_to_string("about.html", request=asked())
    assert f'<html lang="{tag}"' in html


@pytest.mark.parametrize("size", context.SIZES)
def test_the_page_wears_the_size_and_offers_the_others(size: str) -> None:
    """The size stands on the html element; the buttons offer other sizes, never the present one."""
    html = render_to_string("about.html", request=asked(yiting_size=size))
    assert f'data-size="{size}"' in html
    assert set(re.findall(r'name="size" value="([\w-]+)"', html)) <= set(context.SIZES) - {size}
    assert ("<details>" in html) == (size != "normal")


@pytest.mark.parametrize(
    "template",
    [
        "about.html",
        "400.html",
        "403.html",
        "403_csrf.html",
        "404.html",
        "429.html",
        "refused.html",
        "500.html",
    ],
)
def test_pages_have_one_h1_headings_in_order_and_nothing_inline(template: str) -> None:
    """One h1, no level skipped, one main, ids unique, a skip link, and nothing the content policy blocks."""
    request = asked()
    request.htmx = False  # type: ignore[attr-defined]
    html = render_to_string(template, {"refusal": Refused()}, request=None if template == "500.html" else request)
    outline = Outline(html)
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.tags.count("main") == 1
    assert len(outline.ids) == len(set(outline.ids))
    assert 'class="skip" href="#main"' in html
    assert not outline.inline


def test_a_refusal_says_what_to_do_as_page_and_as_part() -> None:
    """A whole page for a whole request; for htmx the words alone, told as an alert."""
    request = asked()
    request.htmx = True  # type: ignore[attr-defined]
    part = render_to_string("refused.html", {"refusal": Refused("Try <b>later</b>")}, request=request)
    assert 'role="alert"' in part
    assert "<html" not in part
    assert "&lt;b&gt;later" in part


@pytest.mark.parametrize(
    ("view", "status"),
    [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404)],
)
def test_error_pages_carry_their_status(view: Any, status: int) -> None:
    """Each error page answers with its own status and a way on."""
    answer = view(asked(), ValueError("inner words"))
    assert answer.status_code == status
    assert b"inner words" not in answer.content
    assert b'class="btn"' in answer.content


def test_the_page_for_our_own_faults_needs_nothing() -> None:
    """It is drawn without request, session or table."""
    answer = views.server_error(asked(yiting_size="elder"))
    assert answer.status_code == 500
    assert b'data-size="elder"' in answer.content
    assert b"<h1>" in answer.content


def test_a_form_run_out_is_told_kindly() -> None:
    """The page for a failed CSRF check is ours and has status 403."""
    assert views.csrf_failure(asked(), reason="inner words").status_code == 403


def test_the_gallery_is_for_builders_alone(settings: Any) -> None:
    """Without DEBUG there is no gallery; with it, every sheet can be drawn and no other."""
    settings.DEBUG = False
    with pytest.raises(views.Http404):
        views.gallery(asked("/gallery/"))
    settings.DEBUG = True
    for sheet in SHEETS:
        answer = views.gallery(asked(f"/gallery/?sheet={sheet}"))
        outline = Outline(answer.content.decode())
        assert answer.status_code == 200
        assert outline.headings.count(1) == 1
        assert len(outline.ids) == len(set(outline.ids))
        assert not outline.inline
    with pytest.raises(views.Http404):
        views.gallery(asked("/gallery/?sheet=../../settings"))


def test_the_elder_first_page_offers_four_choices(settings: Any) -> None:
    """At most four choices in the elder mode, and the rest folded away."""
    settings.DEBUG = True
    html = views.gallery(asked("/gallery/?sheet=elder", yiting_size="elder")).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert 1 <= len(re.findall(r"<(?:a|button)\b", main)) <= 4
