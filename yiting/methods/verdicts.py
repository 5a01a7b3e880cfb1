"""Count what residents judged: solved, partly solved, or not.

Silence is counted apart and never as consent: shares are taken among those who answered, next to the share
who answered at all. Where few answered, the Wilson score interval says how far the share may be off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal, get_args

Verdict = Literal["solved", "partly", "not"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
# The standard normal quantile that leaves 2.5 % on each side.
Z_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share of those who answered, with the range in which it plausibly lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many gave one verdict; `share` is None when nobody answered."""

    count: int
    share: Share | None


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts behind a judgement.

    `asked` includes the `excluded`; `base` is what is left of it, and splits into `answered` and `silent`.
    `answered_share` is None when the base is empty.
    """

    asked: int
    excluded: int
    base: int
    answered: int
    silent: int
    answered_share: float | None
    solved: VerdictCount
    partly: VerdictCount
    not_solved: VerdictCount


def tally(asked: int, verdicts: Mapping[Verdict, int], excluded: int = 0) -> Tally:
    """Count verdicts among `asked` residents, of whom `excluded` left the base by a published rule.

    `verdicts` holds only answers from inside the base; a verdict that is not named was given by nobody.
    """
    unknown = sorted(str(verdict) for verdict in verdicts if verdict not in VERDICTS)
    if unknown:
        raise ValueError(f"a verdict must be one of {', '.join(VERDICTS)}, not {', '.join(unknown)}")
    _check_count(asked, "asked")
    _check_count(excluded, "excluded")
    for verdict, count in verdicts.items():
        _check_count(count, verdict)
    if excluded > asked:
        raise ValueError(f"excluded must be from 0 to the {asked} asked, not {excluded}")
    base = asked - excluded
    answered = sum(verdicts.values())
    if answered > base:
        raise ValueError(f"answers must be from 0 to the {base} in the base, not {answered}")

    def counted(verdict: Verdict) -> VerdictCount:
        count = verdicts.get(verdict, 0)
        return VerdictCount(count, wilson(count, answered) if answered else None)

    return Tally(
        asked=asked,
        excluded=excluded,
        base=base,
        answered=answered,
        silent=base - answered,
        answered_share=answered / base if base else None,
        solved=counted("solved"),
        partly=counted("partly"),
        not_solved=counted("not"),
    )


def wilson(count: int, total: int, z: float = Z_95) -> Share:
    """Return the share `count / total` with its Wilson score interval; `z` sets how sure the range is."""
    _check_count(count, "count")
    _check_count(total, "total")
    if total == 0 or count > total:
        raise ValueError(f"count must be from 0 to total, and total above 0, not {count} of {total}")
    if not z > 0:
        raise ValueError(f"z must be above 0, not {z}")
    value = count / total
    spread = z * z / total
    middle = (value + spread / 2) / (1 + spread)
    reach = z * sqrt(value * (1 - value) / total + spread / (4 * total)) / (1 + spread)
    # Rounding may carry an end just past the share itself when all or none agree.
    low, high = max(0.0, min(value, middle - reach)), min(1.0, max(value, middle + reach))
    return Share(value, low, high)


def _check_count(count: int, what: str) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise ValueError(f"{what} must be a whole number, 0 or more, not {count!r}")
