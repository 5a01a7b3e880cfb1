"""The published rules of judging a project: when it is asked again, taken up again, and closed. Pure."""

from __future__ import annotations

# Days after which those who asked are asked to look again.
LOOKS = (30, 180)
# Work is taken up again when at least three, and a third of those who judged, say "not solved".
REOPEN_VOICES = 3
REOPEN_SHARE = 3
# So long after the last look a project stands as judged; it can still be judged, and reopened.
CLOSE_DAYS = 30


def is_taken_up_again(*, unsolved: int, judged: int) -> bool:
    """Say whether so many "not solved" among so many judgements mean that work goes on."""
    return unsolved >= REOPEN_VOICES and unsolved * REOPEN_SHARE >= judged
