#!/usr/bin/env python3
"""Count a deputies' vote of Yiting again from its published file alone. It needs Python 3.10 or later and nothing else.

    python3 recount_deputies.py ROUND.csv

It prints the winners, most votes first; of two with as many the one that stands first in the file.
"""

import csv
import sys


def recount(rows):
    """Adopt what has the votes needed, most votes first, as long as there is money; one of several alternatives, and
    of a kind not more than its limit lets."""
    rows = list(rows)
    limits = {row[1]: row[2:] for row in rows if row[0] == "limit"}
    table = {row[0]: row[1:] for row in rows if row[0] != "limit"}
    names, others, kinds = table.pop("project"), table.pop("alternatives"), table.pop("kind")
    costs, budget, needed = ([int(cell) for cell in table.pop(name)] for name in ("cost", "budget", "needed"))
    votes = [sum(row[at] == "yes" for row in table.values()) for at in range(len(names))]
    chosen = []
    for at in sorted(range(len(names)), key=lambda at: -votes[at]):  # a stable sort keeps the order of the file
        is_taken = others[at] and others[at] in (others[one] for one in chosen)
        alike = [costs[at], *(costs[one] for one in chosen if kinds[one] == kinds[at])]
        most, most_cost = limits.get(kinds[at], ("", ""))
        is_full = (most and len(alike) > int(most)) or (most_cost and sum(alike) > int(most_cost))
        is_paid = sum(costs[one] for one in chosen) + costs[at] <= budget[0]
        if votes[at] >= needed[0] and is_paid and not is_taken and not is_full:
            chosen.append(at)
    return [names[at] for at in chosen]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        print(*recount(csv.reader(file)))
