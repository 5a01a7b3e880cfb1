"""Turns: planning them, changing them by consent, skipping them, and announcing what is to take place."""

from yiting.alliances.queries.problems import Slot
from yiting.alliances.services.turns.absences import absence_add, absence_remove
from yiting.alliances.services.turns.announcing import joint_activity_add, turn_make_activity
from yiting.alliances.services.turns.changing import turn_hold, turn_skip, turn_step_in
from yiting.alliances.services.turns.planning import plan_adopt, plan_discard, turns_plan
from yiting.alliances.services.turns.swapping import turn_swap_answer, turn_swap_ask, turn_swap_withdraw

__all__ = [
    "Slot",
    "absence_add",
    "absence_remove",
    "joint_activity_add",
    "plan_adopt",
    "plan_discard",
    "turn_hold",
    "turn_make_activity",
    "turn_skip",
    "turn_step_in",
    "turn_swap_answer",
    "turn_swap_ask",
    "turn_swap_withdraw",
    "turns_plan",
]
