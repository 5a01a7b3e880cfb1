"""The declared transitions of a need, and the six words of its way."""

from __future__ import annotations

from typing import NamedTuple

from yiting.needs.errors import StepNotPossible
from yiting.needs.models import Need, State

TRANSITIONS: dict[State, frozenset[State]] = {
    State.HEARD: frozenset({State.SORTED, State.RETURNED}),
    State.SORTED: frozenset({State.DISCUSSED, State.CHOSEN, State.DOING, State.JUDGING, State.RETURNED}),
    State.DISCUSSED: frozenset({State.SORTED, State.CHOSEN, State.DOING, State.JUDGING, State.RETURNED}),
    State.CHOSEN: frozenset({State.SORTED, State.DOING, State.JUDGING, State.RETURNED}),
    State.DOING: frozenset({State.SORTED, State.CHOSEN, State.JUDGING, State.RETURNED}),
    State.JUDGING: frozenset({State.DOING, State.CLOSED}),
    State.CLOSED: frozenset({State.DOING}),
    State.RETURNED: frozenset({State.SORTED}),
}
OPEN_STATES = (State.HEARD, State.SORTED, State.DISCUSSED, State.CHOSEN, State.DOING)

# The six words, each with the state in which a need stands at it.
WAY: tuple[State, ...] = (
    State.HEARD,
    State.SORTED,
    State.DISCUSSED,
    State.CHOSEN,
    State.DOING,
    State.JUDGING,
)


class Step(NamedTuple):
    """One of the six steps of the way: its state, whether it is done, now, next or skipped, and a short note."""

    word: str
    standing: str
    note: str


def change_state(need: Need, target: State) -> None:
    """Set the need's state along a declared transition, or refuse."""
    current = State(need.state)
    if target not in TRANSITIONS[current]:
        raise StepNotPossible(state=current.label, target=target.label)
    need.state = target
