"""Categories of messages: from a lexicon at first, learned from labelled messages when there are enough of them.

`classifier_cold` and `classifier_fit` answer with next to no cases and stand on a lexicon; `categories_train` learns
all from labelled messages, for thousands of them. `cross_validate` says how well that goes.
"""

from yiting.methods.texts.categories.cold import Classifier, classifier_cold, classifier_fit
from yiting.methods.texts.categories.model import CategoryModel
from yiting.methods.texts.categories.paths import label_path, tree_from_parents
from yiting.methods.texts.categories.suggestions import (
    CategoryError,
    CategorySuggestion,
    CategoryTooDeep,
    CategoryTreeLoop,
    CategoryUnknown,
    ModelUnreadable,
    NothingToLearn,
    NotSure,
)
from yiting.methods.texts.categories.training import categories_train
from yiting.methods.texts.categories.validation import CategoryFigures, CategoryReport, cross_validate

__all__ = [
    "CategoryError",
    "CategoryFigures",
    "CategoryModel",
    "CategoryReport",
    "CategorySuggestion",
    "CategoryTooDeep",
    "CategoryTreeLoop",
    "CategoryUnknown",
    "Classifier",
    "ModelUnreadable",
    "NotSure",
    "NothingToLearn",
    "categories_train",
    "classifier_cold",
    "classifier_fit",
    "cross_validate",
    "label_path",
    "tree_from_parents",
]
