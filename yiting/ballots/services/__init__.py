"""Every write of ballots: one function a use case; and the secret number that a ballot is cast with."""

from yiting.ballots.receipts import fresh_salt
from yiting.ballots.services.after import candidate_open_project, winner_open
from yiting.ballots.services.box import box_shuffle, openings_read, voting_close, voting_open
from yiting.ballots.services.candidates import (
    CandidatePlan,
    candidate_add,
    candidate_change,
    candidate_check,
    candidate_withdraw,
)
from yiting.ballots.services.casting import ballot_cast, ballot_check
from yiting.ballots.services.counting import round_count
from yiting.ballots.services.forgetting import ballots_forget
from yiting.ballots.services.limits import limit_lift, limit_set
from yiting.ballots.services.papers import PaperReading, paper_enter, paper_spoil, papers_print
from yiting.ballots.services.results import (
    objection_answer,
    objection_raise,
    override_take_back,
    round_finish,
    winner_override,
)
from yiting.ballots.services.roll import paper_hand_out, voter_admit
from yiting.ballots.services.rounds import (
    RoundPlan,
    observer_appoint,
    round_call_off,
    round_change,
    round_check,
    round_collect_again,
    round_open,
    round_publish,
)
from yiting.ballots.services.turning import rounds_turn

__all__ = [
    "CandidatePlan",
    "PaperReading",
    "RoundPlan",
    "ballot_cast",
    "ballot_check",
    "ballots_forget",
    "box_shuffle",
    "candidate_add",
    "candidate_change",
    "candidate_check",
    "candidate_open_project",
    "candidate_withdraw",
    "fresh_salt",
    "limit_lift",
    "limit_set",
    "objection_answer",
    "objection_raise",
    "observer_appoint",
    "openings_read",
    "override_take_back",
    "paper_enter",
    "paper_hand_out",
    "paper_spoil",
    "papers_print",
    "round_call_off",
    "round_change",
    "round_check",
    "round_collect_again",
    "round_count",
    "round_finish",
    "round_open",
    "round_publish",
    "rounds_turn",
    "voter_admit",
    "voting_close",
    "voting_open",
    "winner_open",
    "winner_override",
]
