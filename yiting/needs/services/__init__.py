"""Every write of the needs module, one function a use case."""

from yiting.needs.services.asking import (
    Filed,
    photo_publish,
    request_erase,
    request_file,
    requests_file,
    requests_forget,
    support_add,
    support_withdraw,
)
from yiting.needs.services.categories import categories_load, read_tree, reasons_load
from yiting.needs.services.drafts import Draft
from yiting.needs.services.handling import (
    assignment_accept,
    assignment_return,
    clock_pause,
    clock_resume,
    need_assign,
    need_discuss,
    need_reply,
    need_return,
    needs_build,
    needs_choose,
    needs_close,
    needs_deliver,
    needs_release,
    needs_reopen,
)
from yiting.needs.services.heating import hot_refresh, hot_refresh_all
from yiting.needs.services.importing import import_file
from yiting.needs.services.indexing import index_catch_up, index_rebuild, index_tidy
from yiting.needs.services.judging import judgement_give, looks_ask, quiet_close
from yiting.needs.services.merging import merge_undo, need_split, needs_merge
from yiting.needs.services.reminding import daily_round, reminders_send
from yiting.needs.services.sorting import need_sort, suggestion_answer
from yiting.needs.services.suggesting import needs_suggest
from yiting.needs.services.telling import tell_supporters
from yiting.needs.services.viewing import view_delete, view_save

__all__ = [
    "Draft",
    "Filed",
    "assignment_accept",
    "assignment_return",
    "categories_load",
    "clock_pause",
    "clock_resume",
    "daily_round",
    "hot_refresh",
    "hot_refresh_all",
    "import_file",
    "index_catch_up",
    "index_rebuild",
    "index_tidy",
    "judgement_give",
    "looks_ask",
    "merge_undo",
    "need_assign",
    "need_discuss",
    "need_reply",
    "need_return",
    "need_sort",
    "need_split",
    "needs_build",
    "needs_choose",
    "needs_close",
    "needs_deliver",
    "needs_merge",
    "needs_release",
    "needs_reopen",
    "needs_suggest",
    "photo_publish",
    "quiet_close",
    "read_tree",
    "reasons_load",
    "reminders_send",
    "request_erase",
    "request_file",
    "requests_file",
    "requests_forget",
    "suggestion_answer",
    "support_add",
    "support_withdraw",
    "tell_supporters",
    "view_delete",
    "view_save",
]
