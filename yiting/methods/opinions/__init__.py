"""Opinions: from who voted what to the groups that vote alike, and to what all of them can live with.

Pure functions on frozen dataclasses: `Votes` go in, `analyse` gives an `Analysis`, `published` what may be shown of
it. `conversation_read` and its like read and write the files of Polis; `next_statement` says what to ask next.
"""

from yiting.methods.opinions.analysis import LEAST_PEOPLE, LEAST_VOTES, analyse, analysis_update
from yiting.methods.opinions.confidence import groups_confidence
from yiting.methods.opinions.errors import OpinionsInvalid
from yiting.methods.opinions.picture import Circle, Picture, picture_of, picture_svg
from yiting.methods.opinions.publication import (
    Published,
    PublishedGroup,
    PublishedOpinion,
    groups_published,
    published,
)
from yiting.methods.opinions.reading import comments_read, conversation_read, summary_read
from yiting.methods.opinions.results import Analysis, Common, Group, Opinion, Representative, Tally
from yiting.methods.opinions.routing import (
    next_statement,
    priorities,
    routing_priorities,
    routing_weights,
    statement_reach,
)
from yiting.methods.opinions.votes import (
    AGREE,
    DISAGREE,
    PASS,
    Statement,
    Votes,
    statements_replaced,
    vote_added,
    votes_of,
    votes_of_arrays,
    votes_of_table,
)
from yiting.methods.opinions.writing import (
    Ballot,
    Written,
    ballots_csv,
    comments_csv,
    participants_csv,
    summary_csv,
)

__all__ = [
    "AGREE",
    "DISAGREE",
    "LEAST_PEOPLE",
    "LEAST_VOTES",
    "PASS",
    "Analysis",
    "Ballot",
    "Circle",
    "Common",
    "Group",
    "Opinion",
    "OpinionsInvalid",
    "Picture",
    "Published",
    "PublishedGroup",
    "PublishedOpinion",
    "Representative",
    "Statement",
    "Tally",
    "Votes",
    "Written",
    "analyse",
    "analysis_update",
    "ballots_csv",
    "comments_csv",
    "comments_read",
    "conversation_read",
    "groups_confidence",
    "groups_published",
    "next_statement",
    "participants_csv",
    "picture_of",
    "picture_svg",
    "priorities",
    "published",
    "routing_priorities",
    "routing_weights",
    "statement_reach",
    "statements_replaced",
    "summary_csv",
    "summary_read",
    "vote_added",
    "votes_of",
    "votes_of_arrays",
    "votes_of_table",
]
