"""What one should know before voting: links and files."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiting.activities.services.papers import FILE_KINDS, FILE_LIMIT, paper_drop, paper_fits, paper_keep
from yiting.deliberation.errors import EvidenceUnfit, TopicClosed
from yiting.deliberation.models import Evidence, Topic
from yiting.deliberation.services.topics import take_topic
from yiting.ledger.services import entry_append
from yiting.methods.texts import mask_personal, one_line
from yiting.people.actors import Actor

TITLE_LIMIT = 120


@transaction.atomic
def evidence_add(
    *, by: Actor, topic: Topic, title: str, link: str = "", file: tuple[str, bytes] | None = None, at: datetime
) -> Evidence:
    """Add something to know: a link or a file, not both."""
    held = take_topic(by=by, topic=topic)
    if held.state == Topic.State.RESOLVED:
        raise TopicClosed
    title, link = mask_personal(one_line(title)), link.strip()
    if not 1 <= len(title) <= TITLE_LIMIT or not paper_fits(link=link, file=file):
        raise EvidenceUnfit(kinds=", ".join(FILE_KINDS), limit=FILE_LIMIT // 1024 // 1024)
    evidence = Evidence(topic=held, title=title, link=link, at=at)
    if file is not None:
        paper_keep(evidence, file)
    evidence.save()
    _note(held, "added", title=title, by=by, at=at)
    return evidence


@transaction.atomic
def evidence_remove(*, by: Actor, evidence: Evidence, at: datetime) -> None:
    """Take something to know away again, with its file."""
    held = take_topic(by=by, topic=evidence.topic)
    paper_drop(evidence)
    evidence.delete()
    _note(held, "removed", title=evidence.title, by=by, at=at)


def _note(held: Topic, what: str, *, title: str, by: Actor, at: datetime) -> None:
    is_public = held.state != Topic.State.DRAFT  # what is being prepared is nobody else's yet
    entry_append(kind=f"deliberation.evidence.{what}", obj=held, by=by, at=at, facts={"title": title}, public=is_public)
