"""Every read of what is pooled: lists, pages, fits, and what came of it in a season."""

from yiting.alliances.queries.pooling.filling import Asker, find_suggestion, get_asker, list_own_units
from yiting.alliances.queries.pooling.helps import Helps, helps_for_need
from yiting.alliances.queries.pooling.listing import (
    PoolFilters,
    PoolPage,
    find_alliance,
    get_kind,
    get_pool,
    get_pool_page,
    list_every_kind,
    list_kinds,
    list_pools,
)
from yiting.alliances.queries.pooling.pages import (
    AskPage,
    OfferPage,
    PoolBench,
    free_days,
    get_ask,
    get_ask_page,
    get_match,
    get_offer,
    get_offer_page,
    get_pool_bench,
)
from yiting.alliances.queries.pooling.review import PoolRecord, PoolReview, PoolRow, ServedNeed, get_record, review_of
from yiting.alliances.queries.pooling.rows import AskRow, MatchRow, OfferRow, match_row

__all__ = [
    "AskPage",
    "AskRow",
    "Asker",
    "Helps",
    "MatchRow",
    "OfferPage",
    "OfferRow",
    "PoolBench",
    "PoolFilters",
    "PoolPage",
    "PoolRecord",
    "PoolReview",
    "PoolRow",
    "ServedNeed",
    "find_alliance",
    "find_suggestion",
    "free_days",
    "get_ask",
    "get_ask_page",
    "get_asker",
    "get_kind",
    "get_match",
    "get_offer",
    "get_offer_page",
    "get_pool",
    "get_pool_bench",
    "get_pool_page",
    "get_record",
    "helps_for_need",
    "list_every_kind",
    "list_kinds",
    "list_own_units",
    "list_pools",
    "match_row",
    "review_of",
]
