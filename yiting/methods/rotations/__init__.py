"""Hosts in turn: who hosts which activity of a period, as fairly as can be and provably so.

Pure functions on frozen dataclasses: a `Problem` goes in, `rotation_plan` gives a `Plan` or names the wishes that
clash. `document` reads and writes the JSON of the command, `ical` writes the plan as iCalendar.
"""

from yiting.methods.rotations.check import plan_check
from yiting.methods.rotations.clashes import Clash, RotationImpossible
from yiting.methods.rotations.document import Document, clashes_json, document_read, plan_json
from yiting.methods.rotations.errors import RotationInvalid, SwapRefused
from yiting.methods.rotations.ical import plan_calendar
from yiting.methods.rotations.plan import Account, Plan, rotation_plan
from yiting.methods.rotations.problem import ALWAYS, Activity, Assignment, Held, Period, Problem, Unit
from yiting.methods.rotations.swaps import plan_swap
from yiting.methods.rotations.wishes import Wish

__all__ = [
    "ALWAYS",
    "Account",
    "Activity",
    "Assignment",
    "Clash",
    "Document",
    "Held",
    "Period",
    "Plan",
    "Problem",
    "RotationImpossible",
    "RotationInvalid",
    "SwapRefused",
    "Unit",
    "Wish",
    "clashes_json",
    "document_read",
    "plan_calendar",
    "plan_check",
    "plan_json",
    "plan_swap",
    "rotation_plan",
]
