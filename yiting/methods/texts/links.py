"""What staff have decided of two messages: that they belong together, or that they do not."""

from collections.abc import Collection, Mapping

from yiting.methods.texts.linkage import Pair, Partition


class ContradictoryLinks(ValueError):
    """The same messages are said to belong together and to be kept apart."""

    def __init__(self, a: str, b: str) -> None:
        super().__init__(f"{a!r} and {b!r} must be together, yet links keep them apart; take one of these back.")
        self.pair = (a, b)


def numbered(pairs: Collection[tuple[str, str]], number: Mapping[str, int]) -> list[Pair]:
    """Sorted pairs of positions, the smaller first; a pair of an unknown id or of one message is left out."""
    known = {(number[a], number[b]) for a, b in pairs if a in number and b in number and a != b}
    return sorted({(min(pair), max(pair)) for pair in known})


def linked(
    ids: list[str], must_link: Collection[tuple[str, str]], cannot_link: Collection[tuple[str, str]]
) -> Partition:
    """Begin classes of `ids` with what links say; refuses links that cannot all hold with ContradictoryLinks."""
    number = {id: i for i, id in enumerate(ids)}
    partition = Partition(len(ids), numbered(cannot_link, number))
    for a, b in numbered(must_link, number):
        if not partition.join(a, b):
            raise ContradictoryLinks(ids[a], ids[b])
    return partition
