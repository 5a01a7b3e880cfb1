"""Reads of notices: the inbox, the number not read yet, and what could not be sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.core.paginator import Page, Paginator

from yiting.notices.errors import NoticeMissing
from yiting.notices.models import Channel, Failure, Notice, State
from yiting.people.actors import Actor

PAGE_LENGTH = 20

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class EarlierNotice:
    """An older notice that a newer one about the same matter stands for."""

    subject: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One matter in the inbox: its newest notice, and those before it that nobody read in between."""

    id: int
    subject: str
    body: str
    link: str
    created_at: datetime
    is_unread: bool
    earlier: tuple[EarlierNotice, ...]


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A notice that could not be sent, without its text: the key says what it told and whom."""

    id: int
    key: str
    channel: str
    reason: str
    tries: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page of a list: its rows, and the pager that leads to the others."""

    rows: tuple[Row, ...]
    pager: Page[Notice]


def unread_count(actor: Actor) -> int:
    """How many notices wait unread in the actor's inbox: one query, none for a visitor."""
    if actor.account_id is None:
        return 0
    return Notice.objects.filter(account_id=actor.account_id, channel=Channel.INBOX, state=State.SENT).count()


def list_inbox(actor: Actor, *, page: int | str = 1) -> Listed[InboxRow]:
    """The actor's inbox, unread before read and newest first: three queries."""
    if actor.account_id is None:
        raise NoticeMissing
    mine = Notice.objects.filter(account_id=actor.account_id, channel=Channel.INBOX, state__in=[State.SENT, State.READ])
    # "sent" stands after "read" in the alphabet, so that descending order puts the unread first.
    shown = Paginator(mine.order_by("-state", "-created_at", "-pk"), PAGE_LENGTH).get_page(page)
    notices = list(shown.object_list)
    earlier = _earlier(notice.pk for notice in notices)
    rows = tuple(inbox_row(notice, earlier) for notice in notices)
    return Listed(rows, shown)


def inbox_row(notice: Notice, earlier: Mapping[int | None, tuple[EarlierNotice, ...]] | None = None) -> InboxRow:
    """A notice as a line of the inbox; without `earlier` the older ones are looked up."""
    found = _earlier([notice.pk]) if earlier is None else earlier
    return InboxRow(
        id=notice.pk,
        subject=notice.subject,
        body=notice.body,
        link=notice.link,
        created_at=notice.created_at,
        is_unread=notice.state == State.SENT,
        earlier=found.get(notice.pk, ()),
    )


def get_notice(actor: Actor, notice_id: int) -> Notice:
    """A notice of the actor's own inbox; what is not there and what is not theirs are the same."""
    notice = None
    if actor.account_id is not None:
        notice = Notice.objects.filter(pk=notice_id, account_id=actor.account_id, channel=Channel.INBOX).first()
    if notice is None:
        raise NoticeMissing
    return notice


def list_failed(actor: Actor, *, page: int | str = 1) -> Listed[FailedRow]:
    """What could not be sent, newest first, for administrators: two queries."""
    if not actor.is_admin:
        raise NoticeMissing
    failed = Notice.objects.filter(state=State.FAILED).order_by("-created_at", "-pk")
    shown = Paginator(failed, PAGE_LENGTH).get_page(page)
    rows = tuple(
        FailedRow(
            id=notice.pk,
            key=notice.key,
            channel=str(Channel(notice.channel).label),
            reason=str(Failure(notice.failure).label),
            tries=notice.tries,
            created_at=notice.created_at,
        )
        for notice in shown.object_list
    )
    return Listed(rows, shown)


def get_failed(actor: Actor, notice_id: int) -> Notice:
    """A notice that administrators may look after."""
    notice = Notice.objects.filter(pk=notice_id).first() if actor.is_admin else None
    if notice is None:
        raise NoticeMissing
    return notice


def _earlier(notice_ids: Iterable[int]) -> dict[int | None, tuple[EarlierNotice, ...]]:
    found: dict[int | None, list[EarlierNotice]] = defaultdict(list)
    merged = Notice.objects.filter(merged_into__in=list(notice_ids)).order_by("-created_at", "-pk")
    for newest, subject, created_at in merged.values_list("merged_into_id", "subject", "created_at"):
        found[newest].append(EarlierNotice(subject, created_at))
    return {newest: tuple(older) for newest, older in found.items()}
