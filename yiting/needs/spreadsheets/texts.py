"""Cleaning what people wrote without changing a word of it."""

import re
from typing import Final

TITLE_FROM_TEXT: Final = 40
"""A title made from the text has at most this many characters."""

_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, marks of direction and invisible spaces; joiners stay, emoji and some scripts need them.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_BLANKS: Final = re.compile(r"[\t\u00a0]+")
_SPACED_LINE_END: Final = re.compile(r"[ \u3000]*\n[ \u3000]*")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_SENTENCE_END: Final = re.compile(r"(?<=[。！？!?；;])|\n")
# Shorter than this is a greeting rather than what the matter is: 您好！
_SAYS_SOMETHING: Final = 6


def text_clean(text: str) -> str:
    """Text of several lines: nothing invisible, no runs of tabs and empty lines, words untouched."""
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    text = _SPACED_LINE_END.sub("\n", _BLANKS.sub(" ", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()


def line_clean(text: str) -> str:
    """Text of one line."""
    return " ".join(text_clean(text).split())


def title_from(text: str) -> str:
    """The first sentence that says something, cut where it is too long for a title."""
    sentences = [line_clean(sentence) for sentence in _SENTENCE_END.split(text[:2_000])]
    sentences = [sentence for sentence in sentences if sentence]
    telling = [sentence for sentence in sentences if len(sentence) >= _SAYS_SOMETHING]
    title = (telling or sentences or [""])[0]
    return title if len(title) <= TITLE_FROM_TEXT else title[: TITLE_FROM_TEXT - 1].rstrip("\u200d ") + "…"
