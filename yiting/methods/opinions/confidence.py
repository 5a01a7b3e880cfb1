"""How sure a group is: how much of it comes back when other people of the same kind had voted."""

from __future__ import annotations

import numpy as np

from yiting.methods.opinions.analysis import analyse
from yiting.methods.opinions.errors import OpinionsInvalid
from yiting.methods.opinions.results import Analysis
from yiting.methods.opinions.votes import Ints, Votes, votes_of_arrays


def groups_confidence(votes: Votes, analysis: Analysis, *, samples: int = 20) -> tuple[float, ...]:
    """Tell of each group, from 0 to 1, how much of it comes back in bootstrap samples of the participants.

    In each sample (drawn with replacement, always the same ones) the same number of groups is found anew; a group
    comes back as the part it shares with the most similar new group, out of both together (Jaccard). The mean over
    the samples is given; a half and less says that the group does not hold together.
    """
    if samples < 1:
        raise OpinionsInvalid("samples", f"it must be 1 or more, not {samples}")
    if not analysis.groups:
        return ()
    membership = analysis.membership
    ids = [group.id for group in analysis.groups]
    was = np.array([ids.index(membership[name]) if name in membership else -1 for name in votes.participants])
    sums = np.zeros(len(ids))
    for sample in range(samples):
        drawn = sample_of(len(votes.participants), sample)
        found = analyse(votes_drawn(votes, drawn), method=analysis.method, groups=len(ids))
        now = found.membership
        labels = np.array([now.get(str(at), -1) for at in range(len(drawn))])
        once = np.unique(drawn, return_index=True)[1]
        sums += _likeness(was[drawn[once]], labels[once], len(ids))
    return tuple(float(value) for value in sums / samples)


def sample_of(people: int, sample: int) -> Ints:
    """Draw as many people as there are, with replacement, in rising order."""
    return np.sort(np.random.default_rng(sample).integers(0, people, people))


def votes_drawn(votes: Votes, drawn: Ints) -> Votes:
    """Give the votes of drawn people, each of whom is now called by the number of the draw."""
    sizes = np.diff(votes.starts)[drawn]
    firsts = np.repeat(votes.starts[drawn] - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    taken = firsts + np.arange(len(firsts))
    return votes_of_arrays(
        [str(at) for at in range(len(drawn))],
        votes.statements,
        np.repeat(np.arange(len(drawn)), sizes),
        votes.columns[taken],
        votes.values[taken],
    )


def _likeness(was: Ints, now: Ints, groups: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    best = np.zeros(groups)
    for group in range(groups):
        here = was == group
        for label in np.unique(now[now >= 0]):
            there = now == label
            best[group] = max(best[group], (here & there).sum() / max(1, (here | there)[was >= 0].sum()))
    return best
