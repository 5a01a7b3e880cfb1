"""Messages in Chinese: one written form, places, likeness, groups, categories, urgency and hot matters.

Pure functions on text and frozen dataclasses; nothing is read from anywhere, and `now` is passed in.
"""

from yiting.methods.texts.categories import (
    CategorySuggestion,
    Classifier,
    classifier_cold,
    classifier_fit,
)
from yiting.methods.texts.groups import Groups, Message, group
from yiting.methods.texts.hot import HotMatter, hot_matters
from yiting.methods.texts.links import ContradictoryLinks
from yiting.methods.texts.normalise import mask_personal, normalise
from yiting.methods.texts.places import place_names, places_clash
from yiting.methods.texts.similarity import Corpus, Similar, corpus_build, most_similar
from yiting.methods.texts.tree import DEFAULT_TREE, CategoryPath
from yiting.methods.texts.urgency import Urgency, urgency

__all__ = [
    "DEFAULT_TREE",
    "CategoryPath",
    "CategorySuggestion",
    "Classifier",
    "ContradictoryLinks",
    "Corpus",
    "Groups",
    "HotMatter",
    "Message",
    "Similar",
    "Urgency",
    "classifier_cold",
    "classifier_fit",
    "corpus_build",
    "group",
    "hot_matters",
    "mask_personal",
    "most_similar",
    "normalise",
    "place_names",
    "places_clash",
    "urgency",
]
