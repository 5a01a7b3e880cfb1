"""Messages in Chinese: one written form, places, likeness, groups, categories, urgency and hot matters.

Pure functions on text and frozen dataclasses; nothing is read from anywhere, and `now` is passed in.
"""

from yiting.methods.texts.categories import (
    CategorySuggestion,
    Classifier,
    classifier_cold,
    classifier_fit,
)
from yiting.methods.texts.hot import HotMatter, hot_matters
from yiting.methods.texts.index import Entry, Similar, TextIndex
from yiting.methods.texts.links import ContradictoryLinks
from yiting.methods.texts.matters import Groups, Message, group
from yiting.methods.texts.normalise import mask_personal, normalise, one_line
from yiting.methods.texts.places import place_names, places_clash
from yiting.methods.texts.tree import DEFAULT_TREE, CategoryPath
from yiting.methods.texts.urgency import Urgency, urgency

__all__ = [
    "DEFAULT_TREE",
    "CategoryPath",
    "CategorySuggestion",
    "Classifier",
    "ContradictoryLinks",
    "Entry",
    "Groups",
    "HotMatter",
    "Message",
    "Similar",
    "TextIndex",
    "Urgency",
    "classifier_cold",
    "classifier_fit",
    "group",
    "hot_matters",
    "mask_personal",
    "normalise",
    "one_line",
    "place_names",
    "places_clash",
    "urgency",
]
