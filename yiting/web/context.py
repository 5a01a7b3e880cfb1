"""What every template knows about the reader: text size, theme, language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import get_language

from yiting.places import clock

SIZE_COOKIE = "yiting_size"
SIZES = ("normal", "elder", "elder-large")
# Language codes of Django against those of the web (BCP 47).
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


@dataclass(frozen=True, slots=True)
class Page:
    """How this reader wants pages: `size`, `theme`, `lang`; whether this is the demo, and which day it is in it."""

    size: str
    theme: str
    lang: str
    demo: bool = False
    today: date | None = None

    @property
    def is_elder(self) -> bool:
        """Whether the reader chose one of the two large sizes."""
        return self.size != "normal"


def page(request: HttpRequest) -> dict[str, Page]:
    """Give templates `page`; an unknown size in the cookie is the normal one."""
    size = request.COOKIES.get(SIZE_COOKIE, "normal")
    language = get_language() or "zh-hans"
    return {
        "page": Page(
            size=size if size in SIZES else "normal",
            theme="auto",
            lang=TAGS.get(language, language),
            demo=settings.DEMO,
            today=localdate(clock.now()) if settings.DEMO else None,
        )
    }
