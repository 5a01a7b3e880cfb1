"""Groups keep their names when texts are added: what was called so before is called so still."""

from collections import Counter
from collections.abc import Mapping, Sequence


def named_groups(groups: Sequence[Sequence[str]], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the name of its group for every id in `groups`.

    `known` are the names of an earlier grouping by id. A name stays with the group that holds most of those who had
    it, and of several names that a group could keep it keeps the one of most of its members. A group without a name of
    before is called after the least of its ids whose name is not taken. `groups` are disjoint; their order and that
    within them make no difference.
    """
    known = known or {}
    claims = [
        (-count, name, min(group), number)
        for number, group in enumerate(groups)
        for name, count in Counter(known[id] for id in group if id in known).items()
    ]
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, name, _, number in sorted(claims):
        if number not in names and name not in taken:
            names[number] = name
            taken.add(name)
    # a name of before is not given to what has nothing to do with it
    taken |= set(known.values())
    for number in sorted(set(range(len(groups))) - names.keys(), key=lambda number: min(groups[number])):
        names[number] = _free_name(sorted(groups[number]), taken)
        taken.add(names[number])
    return {id: names[number] for number, group in enumerate(groups) for id in group}


def _free_name(ids: Sequence[str], taken: set[str]) -> str:
    """The first id that is no name yet; one with a number behind it when all are."""
    free = next((id for id in ids if id not in taken), None)
    number = 2
    while free is None or free in taken:
        free, number = f"{ids[0]}-{number}", number + 1
    return free
