"""Public words: on one line, short enough, without numbers that belong to a person; and how a ballot is filled in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiting.ballots.errors import PersonalInside, ReasonMissing, TitleMissing, WordsTooLong
from yiting.ballots.models import Kind, KindLimit, Round
from yiting.methods.texts import mask_personal, one_line
from yiting.projects.money import yuan_shown, yuan_text

TITLE_LIMIT = 120
REASON_LIMIT = 400
WORD_LIMIT = 40


def read_title(text: str) -> str:
    """A title, trimmed; refuses none and one that is too long."""
    title = one_line(text)
    if not title or len(title) > TITLE_LIMIT:
        raise TitleMissing(limit=TITLE_LIMIT)
    return public_words(title)


def read_reason(text: str, *, what: str, limit: int = REASON_LIMIT) -> str:
    """A public reason, trimmed; refuses none and one that is too long."""
    words = one_line(text)
    if not words:
        raise ReasonMissing
    return fitting(words, what=what, limit=limit)


def read_word(text: str, *, what: str) -> str:
    """The word for a kind of candidates; in the published file a comma would part it, and "None" is no word."""
    word = one_line(text).replace(",", "，")
    return fitting("" if word.casefold() == "none" else word, what=what, limit=WORD_LIMIT)


def fitting(text: str, *, what: str, limit: int) -> str:
    """A text that may be public, or a refusal."""
    if len(text) > limit:
        raise WordsTooLong(what=what, length=len(text), limit=limit)
    return public_words(text)


def public_words(text: str) -> str:
    """The text itself, unless it holds a telephone number or the like."""
    if mask_personal(text) != text:
        raise PersonalInside
    return text


def how_to_fill(round: Round) -> str:
    """In one sentence how a ballot of this round is filled in."""
    sentences = {
        Kind.APPROVAL: _("Mark all that you want to be built."),
        Kind.UP_TO: _("Mark at most %(most)s."),
        Kind.POINTS: _("Share out at most %(most)s points among what you want."),
        Kind.RANKING: _("Write 1 beside what you want most, then 2, 3 and so on; what you do not want stays empty."),
        Kind.KNAPSACK: _("Mark what you want, for at most %(budget)s yuan together."),
        Kind.YES_NO: _("Mark for, against or abstain in each line."),
    }
    return sentences[Kind(round.kind)] % {"most": round.most, "budget": yuan_text(round.budget_fen)}


def limit_words(limit: KindLimit) -> str:
    """In one sentence what a limit of a kind lets."""
    words = {
        "kind": limit.category,
        "number": limit.most,
        "money": yuan_shown(limit.most_cost_fen) if limit.most_cost_fen is not None else "",
    }
    if limit.most is None:
        return _("Of the kind “%(kind)s” for at most %(money)s together.") % words
    if limit.most_cost_fen is None:
        return _("Of the kind “%(kind)s” at most %(number)s.") % words
    return _("Of the kind “%(kind)s” at most %(number)s, for at most %(money)s together.") % words
