"""What stands: the result by the rule, and the result after what a council decided otherwise. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from yiting.ballots.models import Override


def standing(winners: Sequence[int], overrides: Sequence[Override]) -> tuple[int, ...]:
    """The numbers of what is built: the winners in their order, without what was taken out, then what was taken in."""
    out = {one.candidate.number for one in overrides if not one.takes_in}
    taken_in = sorted(one.candidate.number for one in overrides if one.takes_in)
    kept = [number for number in winners if number not in out]
    return (*kept, *(number for number in taken_in if number not in kept))
