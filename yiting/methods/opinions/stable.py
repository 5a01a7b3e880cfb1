"""Groups that predict: as many as foretell votes that were held back, found from several fixed starts.

How many there are is decided by votes that were hidden: a second group must take one hundredth of the loss away that
one group has, each further one 2.5 hundredths, since more groups hold together less well. If none does, there is one
group. Nothing is left to chance: which votes are hidden follows from where they stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from yiting.methods.opinions.mixture import Fit, Sheet, fit_from, fits_from, shares_of, sheet_from, sheet_of, start_of
from yiting.methods.opinions.plane import axes_of
from yiting.methods.opinions.votes import Floats, Ints, Votes

MOST_GROUPS: Final = 5
SECOND: Final = 0.01
FURTHER: Final = 0.025
DIMENSIONS: Final = 6
# of more people and votes than these, so many choose the number of groups and the start; all then improve it
CHOOSERS: Final = 4000
CHOOSING_VOTES: Final = 600_000
HIDDEN: Final = 10
ENOUGH_HIDDEN: Final = 15_000
MOST_FOLDS: Final = 5
LEAST_GROUP: Final = 3
SMOOTH: Final = 10.0
PEOPLE_ROUNDS: Final = 30
# so many rounds tell which start is the likeliest
TRIAL_ROUNDS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A label for each person, the fit behind it, and the loss of each number of groups that was tried."""

    labels: Ints
    fit: Fit
    losses: Mapping[int, float]


def groups_stable(votes: Votes, rows: Ints, number: int | None) -> Grouping:
    """Group people (rows of the votes); `number` fixes how many groups there are."""
    sheet = sheet_of(votes, rows)
    choosers = max(CHOOSERS, CHOOSING_VOTES * len(rows) // max(1, sheet.table.nnz))
    few = sheet if len(rows) <= choosers else sheet_of(votes, rows[_spread(len(rows), choosers)])
    losses: dict[int, float] = {}
    if number is None:
        losses = held_out_losses(few, range(1, MOST_GROUPS + 1))
        number = _number(losses)
    fit, shares = _best(few, _people(few), [number])[number]
    if few is not sheet:
        fit, shares = fit_from(sheet, shares_of(sheet, fit))
    labels, fit = _settled(sheet, fit, shares)
    return Grouping(labels, fit, losses)


def _number(losses: Mapping[int, float]) -> int:
    def cost(number: int) -> float:
        price = 0.0 if number == 1 else SECOND + FURTHER * (number - 2)
        return losses[number] / losses[1] + price

    return min(losses, key=cost)


def groups_again(votes: Votes, rows: Ints, fit: Fit) -> Grouping:
    """Improve earlier groups with the votes as they stand now; their number stays."""
    sheet = sheet_of(votes, rows)
    labels, fit = _settled(sheet, *fit_from(sheet, shares_of(sheet, fit)))
    return Grouping(labels, fit, {})


def held_out_losses(sheet: Sheet, numbers: Sequence[int]) -> dict[int, float]:
    """Hide a tenth of the votes, group by the rest, and tell how badly the groups foretell them (nats a vote)."""
    drawn = _tenths(sheet)
    folds = min(MOST_FOLDS, max(1, -(-ENOUGH_HIDDEN * HIDDEN // max(1, len(drawn)))))
    sums = dict.fromkeys(numbers, 0.0)
    for fold in range(folds):
        hidden = drawn == fold
        shown, rows, answers = _split(sheet, hidden)
        for number, (_, shares) in _best(shown, _people(shown), numbers).items():
            labels = shares.argmax(axis=1)
            sizes = np.bincount(labels[shown.formers > 0])
            is_small = number > 1 and sizes[sizes > 0].min(initial=LEAST_GROUP) < LEAST_GROUP
            sums[number] += np.inf if is_small else _loss(shown, labels, rows, answers)
    return {number: total / folds for number, total in sums.items()}


def _best(sheet: Sheet, places: Floats, numbers: Sequence[int]) -> dict[int, tuple[Fit, Floats]]:
    """Give for each number the likeliest of the fits from all starts, the first of equals."""
    starts = [(number, start) for number in numbers for start in _starts(places, number)]
    begun = fits_from(sheet, [start for _, start in starts], most=TRIAL_ROUNDS)
    likeliest: dict[int, tuple[Fit, Floats]] = {}
    for (number, _), found in zip(starts, begun, strict=True):
        if number not in likeliest or found[0].worth > likeliest[number][0].worth:
            likeliest[number] = found
    return dict(zip(numbers, fits_from(sheet, [likeliest[number][1] for number in numbers]), strict=True))


def _settled(sheet: Sheet, fit: Fit, shares: Floats) -> tuple[Ints, Fit]:
    """Give everybody the likeliest group, and leave out groups that nobody formed."""
    used = np.unique(shares.argmax(axis=1)[sheet.formers > 0])
    return shares[:, used].argmax(axis=1), Fit(fit.scores[used], fit.weights[used], fit.worth)


def _starts(places: Floats, number: int) -> list[Floats]:
    """Cut the people along the widest differences between them: one, two, six of them, and by direction."""
    if number == 1:
        return [np.ones((len(places), 1))]
    ranks = _cut(places[:, 0], number)
    cuts = [_gathered(at, ranks, number) for at in (places[:, :1], places[:, :2], places / (places.std(axis=0) + 1e-9))]
    if number > 2:
        middle = places - np.median(places, axis=0)
        cuts += [_cut(np.arctan2(middle[:, axis], middle[:, 0]), number) for axis in (1, 2)]
    return [start_of(labels, number) for labels in cuts]


def _people(sheet: Sheet) -> Floats:
    """Lay people out along the widest differences, those who voted seldom as far out as the others."""
    width = len(sheet.common)
    columns, answers = np.divmod(sheet.table.indices, 3)
    values = answers - 1.0
    given = np.bincount(columns, minlength=width)
    means = np.bincount(columns, weights=values, minlength=width) / np.maximum(1, given)
    table = csr_array((values - means[columns], columns, sheet.table.indptr), shape=(sheet.table.shape[0], width))
    axes = axes_of(table, min(DIMENSIONS, *table.shape))
    axes = np.vstack([axes, np.zeros((max(0, 3 - len(axes)), width))])
    return (table @ axes.T) / np.sqrt(np.maximum(1, np.diff(sheet.table.indptr)))[:, None]


def _cut(values: Floats, number: int) -> Ints:
    """Cut people into equal parts in the order of a value."""
    order = np.argsort(values, kind="stable")
    labels = np.empty(len(values), np.int64)
    labels[order] = np.arange(len(values)) * number // max(1, len(values))
    return labels


def _gathered(at: Floats, labels: Ints, number: int) -> Ints:
    """Gather people around the means of their groups, a few rounds long."""
    means = np.zeros((number, at.shape[1]))
    for _ in range(PEOPLE_ROUNDS):
        sizes = np.bincount(labels, minlength=number)
        sums = np.stack([np.bincount(labels, weights=axis, minlength=number) for axis in at.T], axis=1)
        means = np.where(sizes[:, None] > 0, sums / np.maximum(1, sizes)[:, None], means)
        before, labels = labels, ((means**2).sum(axis=1) - 2 * at @ means.T).argmin(axis=1)
        if (labels == before).all():
            break
    return labels


def _tenths(sheet: Sheet) -> NDArray[np.int64]:
    """Give each vote one of ten numbers by where it stands."""
    rows = np.repeat(np.arange(sheet.table.shape[0]), np.diff(sheet.table.indptr))
    mixed = (rows.astype(np.uint64) << np.uint64(20)) + (sheet.table.indices // 3).astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(HIDDEN)).astype(np.int64)


def _split(sheet: Sheet, hidden: NDArray[np.bool_]) -> tuple[Sheet, Ints, Ints]:
    """Give the sheet without the hidden votes, and the row and answer of each hidden one."""
    rows = np.repeat(np.arange(sheet.table.shape[0]), np.diff(sheet.table.indptr))
    columns, answers = np.divmod(sheet.table.indices[~hidden], 3)
    sizes = np.bincount(rows[~hidden], minlength=sheet.table.shape[0])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    shown = sheet_from(columns, (answers - 1).astype(np.int8), starts, len(sheet.common))
    return shown, rows[hidden], sheet.table.indices[hidden].astype(np.int64)


def _loss(sheet: Sheet, labels: Ints, rows: Ints, answers: Ints) -> float:
    number, width = int(labels.max()) + 1, len(sheet.common)
    counts = (sheet.turned @ np.eye(number)[labels]).T.reshape(number, width, 3)
    chances = (counts + SMOOTH * sheet.common) / (counts.sum(axis=2, keepdims=True) + SMOOTH)
    foretold = chances.reshape(number, -1)[labels[rows], answers][sheet.formers[rows] > 0]
    return -float(np.log(foretold).mean()) if len(foretold) else 0.0


def _spread(people: int, number: int) -> Ints:
    """Choose people evenly from first to last."""
    return np.arange(number) * people // number
