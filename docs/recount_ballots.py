#!/usr/bin/env python3
"""Count a round of Yiting again from its file alone, with Python 3.10 or later: python3 recount_ballots.py ROUND.pb

It prints the winners in the order chosen. Of two that stand equal the one that stands first in the file wins.
"""

import csv
import json
import sys
from collections import Counter
from fractions import Fraction


def read_pb(rows):
    """Read the three sections of a Pabulib file."""
    parts, header, part = {"META": [], "PROJECTS": [], "VOTES": []}, None, ""
    for row in rows:
        if len(row) == 1 and row[0] in parts:
            part, header = row[0], None
        elif header is None:
            header = row
        else:
            parts[part].append(dict(zip(header, row, strict=True)))
    meta, ballots = {row["key"]: row["value"] for row in parts["META"]}, Counter()
    for row in parts["VOTES"]:
        names = [one for one in row["vote"].split(",") if one not in ("", "None")]
        given = map(Fraction, row["points"].split(",")) if names and "points" in row else [1] * len(names)
        ballots[tuple((name, points) for name, points in zip(names, given, strict=True) if points)] += 1
    return meta, parts["PROJECTS"], ballots


def fits(name, chosen, projects, left):
    """Say whether a project may join those chosen: money is left, no alternative was taken, its kind is not full."""
    cost, only, limit = projects[name]
    alike = [cost, *(projects[at][0] for at in chosen if projects[at][2] == limit)]
    is_full = len(alike) > limit.get("most", len(alike)) or sum(alike) > Fraction(limit.get("most_cost", sum(alike)))
    taken = {projects[at][1] for at in chosen} - {"None"}
    return name not in chosen and cost <= left and only not in taken and not is_full


def greedy(projects, worth, budget, chosen):
    """Choose what is worth most and still fits."""
    for name in sorted(projects, key=lambda at: -worth[at]):  # a stable sort keeps the order of the file
        if fits(name, chosen, projects, budget - sum(projects[at][0] for at in chosen)):
            chosen.append(name)
    return chosen


def equal_shares(projects, backing, weights, gain, share):
    """Buy the project whose supporters pay least for a point out of their equal shares, until none can be paid for."""
    money, chosen = [share] * len(weights), []
    while True:
        best = None
        for name, backers in backing.items():
            if not fits(name, chosen, projects, sum(money[one] * weights[one] for _, one in backers)):
                continue
            short, points = Fraction(projects[name][0]), sum(given * weights[one] for given, one in backers)
            for given, one in sorted(backers, key=lambda pair: money[pair[1]] / pair[0]):
                if money[one] * points >= short * given:
                    break
                short, points = short - money[one] * weights[one], points - given * weights[one]
            price = short / points if points else max(money[one] / given for given, one in backers)
            if best is None or price / gain[name] < best[0]:
                best = price / gain[name], price, name, backers
        if best is None:
            return chosen
        chosen.append(best[2])
        for given, one in best[3]:
            money[one] -= min(money[one], best[1] * given)


def recount(meta, rows, ballots):
    """Count by the rule that the file names."""
    caps = {one["category"]: one for one in json.loads(meta.get("limits", "[]"))}
    projects = {at["project_id"]: (Fraction(at["cost"]), at["exclusive"], caps.get(at["category"], {})) for at in rows}
    weights, marks = list(ballots.values()), [dict(ballot) for ballot in ballots]
    backing = {name: [(one[name], at) for at, one in enumerate(marks) if name in one] for name in projects}
    budget, rule, share = Fraction(meta["budget"]), meta["rule"], Fraction(meta["budget"]) / max(sum(weights), 1)
    votes = {name: sum(given * weights[at] for given, at in backing[name]) for name in projects}
    gain = {name: cost if meta["satisfaction"] == "cost" else Fraction(1) for name, (cost, *_) in projects.items()}
    worth = {name: votes[name] * gain[name] / cost for name, (cost, *_) in projects.items()}
    if rule in ("greedy", "greedy_cost"):
        return greedy(projects, worth, budget, [])
    if rule != "equal_shares" or meta["satisfaction"] == "covered":
        raise SystemExit(f"this script does not count {rule} by {meta['satisfaction']}; “yiting ballots elect” does")
    chosen, completion = equal_shares(projects, backing, weights, gain, share), meta["completion"]
    for added in range(1, 10**18 if completion.startswith("add1") else 1):
        left = budget - sum(projects[name][0] for name in chosen) if completion == "add1_exhaustive" else float("inf")
        more = equal_shares(projects, backing, weights, gain, share + added)
        is_whole = not any(votes[name] and fits(name, chosen, projects, left) for name in projects)
        if is_whole or sum(projects[name][0] for name in more) > budget:
            break
        chosen = more
    return greedy(projects, worth, budget, chosen) if completion == "greedy" else chosen


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        print(*recount(*read_pb(csv.reader(file, delimiter=";"))))
