"""What is pooled: kinds, offers, asks, and the matches between them."""

from yiting.alliances.services.pooling.asks import ask_close, ask_open
from yiting.alliances.services.pooling.kinds import (
    pool_rename,
    resource_kind_add,
    resource_kind_change,
    usual_kinds_add,
)
from yiting.alliances.services.pooling.matches import (
    match_claim,
    match_confirm,
    match_deliver,
    match_refuse,
    match_withdraw,
    thanks_give,
)
from yiting.alliances.services.pooling.offers import offer_change, offer_make, offer_withdraw
from yiting.alliances.services.pooling.suggesting import Suggested, matches_suggest

__all__ = [
    "Suggested",
    "ask_close",
    "ask_open",
    "match_claim",
    "match_confirm",
    "match_deliver",
    "match_refuse",
    "match_withdraw",
    "matches_suggest",
    "offer_change",
    "offer_make",
    "offer_withdraw",
    "pool_rename",
    "resource_kind_add",
    "resource_kind_change",
    "thanks_give",
    "usual_kinds_add",
]
