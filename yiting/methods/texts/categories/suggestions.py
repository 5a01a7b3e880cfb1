"""What is said of a text's category, and what is wrong when nothing can be said."""

from dataclasses import dataclass

from yiting.methods.texts.tree import CategoryPath


@dataclass(frozen=True, slots=True)
class CategorySuggestion:
    """A category as a path of one to three names, how probable it is, and the words that speak for it."""

    path: CategoryPath
    probability: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSure:
    """No category is probable enough: the likeliest one (none where nothing in the text is known), 0 to 1."""

    path: CategoryPath
    probability: float


class CategoryError(ValueError):
    """Categories cannot be learned or read; the message says what to do."""


class NothingToLearn(CategoryError):
    """There is no text with a label."""

    def __init__(self) -> None:
        super().__init__("No text has both words and a label: give at least one labelled text.")


class CategoryUnknown(CategoryError):
    """A label is not in the tree, or a model has not learned it."""

    def __init__(self, path: CategoryPath, where: str) -> None:
        super().__init__(f"The category '{'/'.join(path)}' is not in {where}: correct its spelling or add it.")


class CategoryTooDeep(CategoryError):
    """A path has no name, or more than three."""

    def __init__(self, path: CategoryPath) -> None:
        super().__init__(f"The category '{'/'.join(path)}' must have one to three names, none of them empty.")


class CategoryTreeLoop(CategoryError):
    """A category is its own ancestor."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            f"These categories are above one another in a ring: {' > '.join(names)}. Cut one of the links."
        )


class ModelUnreadable(CategoryError):
    """A model file is cut short, damaged, of another version or no model at all."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The category model cannot be read: {reason}. Train it anew from the labelled messages.")
