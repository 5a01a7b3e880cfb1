"""What stands by the rule and after what a council decided otherwise, and what cannot stand together. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from yiting.ballots.models import Candidate, KindLimit, Override


def standing(winners: Sequence[int], overrides: Sequence[Override]) -> tuple[int, ...]:
    """The numbers of what is built: the winners in their order, without what was taken out, then what was taken in."""
    out = {one.candidate.number for one in overrides if not one.takes_in}
    taken_in = sorted(one.candidate.number for one in overrides if one.takes_in)
    kept = [number for number in winners if number not in out]
    return (*kept, *(number for number in taken_in if number not in kept))


def kept_out(lost: Candidate, chosen: Sequence[Candidate], limits: Sequence[KindLimit]) -> str:
    """What keeps a candidate out whatever money is left: an alternative that was chosen, or the limit of its kind."""
    for one in chosen:
        if lost.alternatives and one.alternatives == lost.alternatives:
            words = {"words": lost.alternatives, "title": one.title}
            return _("Only one of “%(words)s” can be built, and “%(title)s” was chosen.") % words
    alike = [one.cost_fen or 0 for one in chosen if one.category == lost.category] + [lost.cost_fen or 0]
    for limit in limits:
        is_full = limit.most is not None and len(alike) > limit.most
        is_dear = limit.most_cost_fen is not None and sum(alike) > limit.most_cost_fen
        if limit.category == lost.category and (is_full or is_dear):
            return _("The limit of its kind “%(kind)s” was reached.") % {"kind": lost.category}
    return ""
