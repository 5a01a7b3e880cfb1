"""Matters: what the same wish is said in many ways, and near-duplicates within each.

The steps stand alone: `measures_of` reads what tells messages apart, `neighbours` finds for each the few that it may
belong with, `group` joins them by average linkage and keeps the names of an earlier grouping.
"""

from yiting.methods.texts.matters.grouping import Groups, Message, group

__all__ = ["Groups", "Message", "group"]
