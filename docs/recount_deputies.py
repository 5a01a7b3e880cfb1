#!/usr/bin/env python3
"""Count a deputies' vote of Yiting again from its published file alone. It needs Python 3.10 or later and nothing else.

    python3 recount_deputies.py ROUND.csv

It prints the winners, most votes first; of two with as many the one that stands first in the file.
"""

import csv
import sys


def recount(rows):
    """Adopt what has the votes needed, most votes first, as long as there is money; one of several alternatives."""
    table = {row[0]: row[1:] for row in rows}
    names, costs, others = table.pop("project"), table.pop("cost"), table.pop("alternatives")
    left, needed = int(table.pop("budget")[0]), int(table.pop("needed")[0])
    votes = [sum(row[at] == "yes" for row in table.values()) for at in range(len(names))]
    chosen = []
    for at in sorted(range(len(names)), key=lambda at: -votes[at]):  # a stable sort keeps the order of the file
        is_taken = others[at] and others[at] in (others[one] for one in chosen)
        if votes[at] >= needed and int(costs[at]) <= left and not is_taken:
            chosen.append(at)
            left -= int(costs[at])
    return [names[at] for at in chosen]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        print(*recount(csv.reader(file)))
