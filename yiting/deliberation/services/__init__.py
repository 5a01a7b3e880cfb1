"""Every write of deliberation: one function a use case."""

from yiting.deliberation.services.analysing import topic_analyse
from yiting.deliberation.services.approving import (
    approval_give,
    approval_words_forget,
    minutes_ask,
    minutes_correct,
    minutes_publish,
    minutes_take_back,
)
from yiting.deliberation.services.conventions import (
    ArticleChange,
    convention_amend,
    convention_make,
)
from yiting.deliberation.services.disputes import (
    Quarreller,
    dispute_agree,
    dispute_agreement_set,
    dispute_close,
    dispute_hand_over,
    dispute_note,
    dispute_open,
    disputes_forget,
    disputes_rotate,
)
from yiting.deliberation.services.evidence import evidence_add, evidence_remove
from yiting.deliberation.services.forgetting import topics_forget
from yiting.deliberation.services.meetings import (
    AgendaItem,
    Kept,
    meeting_call,
    meeting_rules_set,
    point_add,
    point_keep,
    said_add,
    said_remove,
)
from yiting.deliberation.services.resolutions import (
    TaskPlan,
    resolution_make,
    resolution_open_need,
    task_finish,
    task_follow,
    task_move,
    task_set,
    tasks_follow_up,
)
from yiting.deliberation.services.rounds import topics_round
from yiting.deliberation.services.sheets import sheet_enter, sheets_print
from yiting.deliberation.services.statements import statement_add, statement_moderate, statement_seed
from yiting.deliberation.services.supports import support_give, support_take_back
from yiting.deliberation.services.topics import (
    TopicPlan,
    topic_begin_closing,
    topic_change,
    topic_close,
    topic_draft,
    topic_from_need,
    topic_open,
    topic_propose,
    topic_reopen,
    topic_resolve,
)
from yiting.deliberation.services.votes import vote_cast

__all__ = [
    "AgendaItem",
    "ArticleChange",
    "Kept",
    "Quarreller",
    "TaskPlan",
    "TopicPlan",
    "approval_give",
    "approval_words_forget",
    "convention_amend",
    "convention_make",
    "dispute_agree",
    "dispute_agreement_set",
    "dispute_close",
    "dispute_hand_over",
    "dispute_note",
    "dispute_open",
    "disputes_forget",
    "disputes_rotate",
    "evidence_add",
    "evidence_remove",
    "meeting_call",
    "meeting_rules_set",
    "minutes_ask",
    "minutes_correct",
    "minutes_publish",
    "minutes_take_back",
    "point_add",
    "point_keep",
    "resolution_make",
    "resolution_open_need",
    "said_add",
    "said_remove",
    "sheet_enter",
    "sheets_print",
    "statement_add",
    "statement_moderate",
    "statement_seed",
    "support_give",
    "support_take_back",
    "task_finish",
    "task_follow",
    "task_move",
    "task_set",
    "tasks_follow_up",
    "topic_analyse",
    "topic_begin_closing",
    "topic_change",
    "topic_close",
    "topic_draft",
    "topic_from_need",
    "topic_open",
    "topic_propose",
    "topic_reopen",
    "topic_resolve",
    "topics_forget",
    "topics_round",
    "vote_cast",
]
