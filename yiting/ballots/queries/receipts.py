"""What everybody may have of a closed box: the leaves, proofs, and whether a paper's number was counted."""

from __future__ import annotations

from dataclasses import dataclass

from yiting.activities.queries import read_code
from yiting.ballots.errors import LeafMissing, NotClosedYet
from yiting.ballots.models import Ballot, Paper, Round
from yiting.ballots.receipts import LeafProof, prove
from yiting.ballots.states import CLOSED

LEAF_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a receipt: it lies in the box, it is proved to be in the count, or a paper stands somewhere."""

    leaf: str = ""
    in_box: bool = False
    proof: LeafProof | None = None
    paper: Paper | None = None


def list_leaves(round: Round) -> list[str]:
    """The leaves of a closed round in ascending order. One query."""
    if round.state not in CLOSED:
        raise NotClosedYet(closes=round.closes_on.isoformat())
    return list(Ballot.objects.filter(round=round).order_by("leaf").values_list("leaf", flat=True))


def get_proof(round: Round, leaf: str) -> LeafProof:
    """The proof that a leaf is in the count of a closed round. One query."""
    proof = prove(list_leaves(round), leaf)
    if proof is None:
        raise LeafMissing
    return proof


def check_receipt(round: Round, text: str) -> Checked:
    """Look for a receipt, alone or in the address of its code, or for the number of a paper. At most two queries."""
    text = text.partition("receipt=")[2] or text
    leaf = "".join(text.split()).lower().partition("#")[0]
    if len(leaf) == LEAF_LENGTH:
        if round.state in CLOSED:
            proof = prove(list_leaves(round), leaf)
            return Checked(leaf=leaf, in_box=proof is not None, proof=proof)
        return Checked(leaf=leaf, in_box=Ballot.objects.filter(round=round, leaf=leaf).exists())
    return Checked(paper=Paper.objects.filter(round=round, serial=read_code(text)[:12]).first())
