"""Every write of alliances: one function a use case."""

from yiting.alliances.services.chain import relation_add, relation_end
from yiting.alliances.services.pooling import (
    ask_close,
    ask_open,
    match_claim,
    match_confirm,
    match_deliver,
    match_refuse,
    match_withdraw,
    offer_change,
    offer_make,
    offer_withdraw,
    pool_rename,
    resource_kind_add,
    resource_kind_change,
    thanks_give,
    usual_kinds_add,
)

__all__ = [
    "ask_close",
    "ask_open",
    "match_claim",
    "match_confirm",
    "match_deliver",
    "match_refuse",
    "match_withdraw",
    "offer_change",
    "offer_make",
    "offer_withdraw",
    "pool_rename",
    "relation_add",
    "relation_end",
    "resource_kind_add",
    "resource_kind_change",
    "thanks_give",
    "usual_kinds_add",
]
