"""Category paths out of labels and out of tables of parents."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from yiting.methods.texts.categories.suggestions import CategoryTooDeep, CategoryTreeLoop, CategoryUnknown
from yiting.methods.texts.tree import CategoryPath

MOST_LEVELS: Final = 3


def label_path(label: str | Sequence[str]) -> CategoryPath:
    """Return the path a label names: 'a/b/c', 'a > b' or the names one by one; () for a blank one.

    Blank names at the end are left out, so that a row of three columns may fill only the first.
    Raises CategoryTooDeep for more than three names or a gap between them.
    """
    names = re.split("[/>／＞]", label) if isinstance(label, str) else list(label)
    path = tuple(name.strip() for name in names)
    while path and not path[-1]:
        path = path[:-1]
    if len(path) > MOST_LEVELS or not all(path):
        raise CategoryTooDeep(path)
    return path


def tree_from_parents(parents: Mapping[str, str | None]) -> tuple[CategoryPath, ...]:
    """Return the path of every category of a table category -> parent (None or '' at the top), sorted.

    Raises CategoryTreeLoop where a category is its own ancestor, CategoryUnknown for a parent that has no row,
    CategoryTooDeep for more than three levels.
    """
    paths: set[CategoryPath] = set()
    for name in parents:
        upward = [name]
        while above := parents[upward[-1]]:
            if above in upward:
                raise CategoryTreeLoop((*upward[upward.index(above) :], above))
            if above not in parents:
                raise CategoryUnknown((above,), "the table of categories")
            upward.append(above)
        paths.add(label_path(upward[::-1]))
    return tuple(sorted(paths))


def tree_nodes(tree: Iterable[CategoryPath]) -> frozenset[CategoryPath]:
    """Return every path of a tree with all those above it.

    Raises CategoryTreeLoop for a path on which a name comes again below itself after another name: 'a/b/a'.
    The same name twice running ('其他/其他') is usual and no loop.
    """
    nodes: set[CategoryPath] = set()
    for given in tree:
        path = label_path(given)
        if len(path) == MOST_LEVELS and path[0] == path[2] != path[1]:
            raise CategoryTreeLoop(path)
        nodes.update(path[:depth] for depth in range(1, len(path) + 1))
    return frozenset(nodes)
