"""Every read of the activities module that a page or another module needs."""

from yiting.activities.codes import fresh_code, read_code
from yiting.activities.queries.board import BoardFilters, get_board, list_kinds
from yiting.activities.queries.cards import ActivityCard, Room, day_words, list_cards, when_words
from yiting.activities.queries.page import find_activity as get_activity
from yiting.activities.queries.page import get_activity_page

__all__ = [
    "ActivityCard",
    "BoardFilters",
    "Room",
    "day_words",
    "fresh_code",
    "get_activity",
    "get_activity_page",
    "get_board",
    "list_cards",
    "list_kinds",
    "read_code",
    "when_words",
]
