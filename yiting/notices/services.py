"""Writes of notices: queueing them in the transaction of the change they tell of, and reading the inbox.

Sending stands in `delivery`, which the tasks call; it is named here too, since it is a write like the others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator

from yiting.notices.delivery import Delivery, notice_retry, notices_deliver
from yiting.notices.errors import NoticeIllFormed, NoticeMissing, OutsideTransaction
from yiting.notices.models import (
    KEY_LIMIT,
    LINK_LIMIT,
    SUBJECT_LIMIT,
    TOPIC_LIMIT,
    Channel,
    Notice,
    State,
)
from yiting.notices.tasks import notices_send
from yiting.people.actors import Actor
from yiting.people.models import Account, Person, PersonalRecord

# After a text about a matter, further ones about it wait this long and then travel as one.
QUIET = timedelta(minutes=30)
CHUNK = 500

__all__ = [
    "Delivery",
    "NewNotice",
    "notice_queue",
    "notice_read",
    "notice_retry",
    "notices_deliver",
    "notices_queue",
    "notices_read",
    "notices_tell",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice to be queued. `key` names the happening and the recipient; `topic` the object it is about.

    Subject and body name no person: they are stored in the clear and may leave the house.
    Without a `channel` an account is told in its inbox, and whoever left a phone number by text message.
    """

    key: str
    subject: str
    body: str = ""
    link: str = ""
    topic: str = ""
    person: Person | None = None
    account: Account | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class _Reach:
    """How one recipient can be reached."""

    account_id: int | None
    person_id: int | None
    has_phone: bool

    def channels(self, wanted: str | None) -> tuple[Channel, ...]:
        open_to = {
            Channel.INBOX: self.account_id is not None,
            Channel.MAIL: self.account_id is not None,
            Channel.SMS: self.has_phone,
        }
        asked = (Channel(wanted),) if wanted else (Channel.INBOX, Channel.SMS)
        return tuple(channel for channel in asked if open_to[channel])


def notice_queue(
    *,
    key: str,
    subject: str,
    at: datetime,
    body: str = "",
    person: Person | None = None,
    account: Account | None = None,
    channel: str | None = None,
    link: str = "",
    topic: str = "",
) -> Notice | None:
    """Queue one notice in the caller's transaction and return it, the inbox one when it goes two ways.

    None means that the key is known already, or that the recipient left no way to be reached.
    """
    queued = notices_queue(
        [
            NewNotice(
                key=key,
                subject=subject,
                body=body,
                link=link,
                topic=topic,
                person=person,
                account=account,
                channel=channel,
            )
        ],
        at=at,
    )
    return queued[0] if queued else None


def notices_queue(notices: Iterable[NewNotice], *, at: datetime) -> list[Notice]:
    """Queue many notices in the caller's transaction, in a fixed number of queries for every 500 of them
    (Django splits a long INSERT for SQLite, which takes few parameters at once).

    Inbox notices are there with the commit; the others are sent after it. A key that is known adds nothing:
    the unique constraint on key and channel holds it, also against another transaction at the same moment.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("queue notices in the transaction of the change that they tell of")
    wanted = _well_formed(notices)
    queued = [
        notice
        for start in range(0, len(wanted), CHUNK)
        for notice in _queue_chunk(wanted[start : start + CHUNK], at=at)
    ]
    if any(notice.state == State.WAITING for notice in queued):
        _send_once_on_commit()
    return queued


def notices_tell(
    *,
    about: str,
    event: str,
    subject: str,
    body: str = "",
    link: str,
    accounts: Iterable[Account] = (),
    persons: Iterable[Person] = (),
    at: datetime,
) -> int:
    """Tell accounts and persons, each once an event of what it is `about`; return how many notices are new."""
    reached = [(f"a{one.pk}", None, one) for one in accounts] + [(f"p{one.pk}", one, None) for one in persons]
    notices = [
        NewNotice(
            key=f"{about}-{event}-{key}",
            topic=about,
            subject=subject,
            body=body,
            link=link,
            person=person,
            account=account,
        )
        for key, person, account in dict.fromkeys(reached)
    ]
    return len(notices_queue(notices, at=at))


def notice_read(*, by: Actor, notice: Notice, at: datetime) -> Notice:
    """Mark a notice of one's own inbox as read; reading it again changes nothing."""
    if by.account_id is None or notice.account_id != by.account_id or notice.channel != Channel.INBOX:
        raise NoticeMissing
    Notice.objects.filter(pk=notice.pk, state=State.SENT).update(state=State.READ, read_at=at)
    notice.refresh_from_db()
    return notice


def notices_read(*, by: Actor, at: datetime) -> int:
    """Mark everything in one's own inbox that came until now as read, and say how many that were."""
    if by.account_id is None:
        raise NoticeMissing
    return Notice.objects.filter(
        account_id=by.account_id, channel=Channel.INBOX, state=State.SENT, created_at__lte=at
    ).update(state=State.READ, read_at=at)


def _well_formed(notices: Iterable[NewNotice]) -> list[NewNotice]:
    by_key: dict[str, NewNotice] = {}
    for new in notices:
        if not new.key or len(new.key) > KEY_LIMIT:
            raise NoticeIllFormed(f"a key has 1 to {KEY_LIMIT} characters, not {len(new.key)}")
        if not new.subject.strip():
            raise NoticeIllFormed(f"the notice {new.key} has no subject")
        if new.person is None and new.account is None:
            raise NoticeIllFormed(f"the notice {new.key} has no recipient")
        if new.channel is not None and new.channel not in Channel.values:
            raise NoticeIllFormed(f"there is no channel {new.channel}")
        if len(new.topic) > TOPIC_LIMIT:
            raise NoticeIllFormed(f"a topic has at most {TOPIC_LIMIT} characters")
        if new.link and not _is_local(new.link):
            raise NoticeIllFormed(f"the link of {new.key} does not stay on this site")
        if by_key.setdefault(new.key, new) != new:
            raise NoticeIllFormed(f"two different notices have the key {new.key}")
    return list(by_key.values())


def _is_local(link: str) -> bool:
    return (
        link.startswith("/") and len(link) <= LINK_LIMIT and url_has_allowed_host_and_scheme(link, allowed_hosts=None)
    )


def _queue_chunk(wanted: Sequence[NewNotice], *, at: datetime) -> list[Notice]:
    reaches = _reaches(wanted)
    rows = [row for new in wanted for row in _rows(new, reaches[new.key], at=at)]
    known = set(Notice.objects.filter(key__in=[row.key for row in rows]).values_list("key", "channel"))
    fresh = [row for row in rows if (row.key, row.channel) not in known]
    if not fresh:
        return []
    _keep_quiet(fresh, at=at)
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    added = {
        (notice.key, notice.channel): notice
        for notice in Notice.objects.filter(key__in=[row.key for row in fresh])
        if (notice.key, notice.channel) not in known
    }
    _merge_unread(fresh)
    return [added[row.key, row.channel] for row in fresh if (row.key, row.channel) in added]


def _reaches(wanted: Sequence[NewNotice]) -> Mapping[str, _Reach]:
    accounts = {new.account.pk for new in wanted if new.account and not new.person}
    person_of = dict(Person.objects.filter(account_id__in=accounts).values_list("account_id", "pk"))
    pairs = {new.key: _pair(new, person_of) for new in wanted}
    people = [person_id for _, person_id in pairs.values() if person_id is not None]
    phoned = set(
        PersonalRecord.objects.filter(person_id__in=people).exclude(phone="").values_list("person_id", flat=True)
    )
    return {
        key: _Reach(account_id, person_id, has_phone=person_id in phoned)
        for key, (account_id, person_id) in pairs.items()
    }


def _pair(new: NewNotice, person_of: Mapping[int, int]) -> tuple[int | None, int | None]:
    """The keys of account and person, each found from the other when only one was given."""
    if new.person is not None:
        return (new.account.pk if new.account else new.person.account_id), new.person.pk
    assert new.account is not None, "a well-formed notice has a recipient"
    return new.account.pk, person_of.get(new.account.pk)


def _rows(new: NewNotice, reach: _Reach, *, at: datetime) -> Iterator[Notice]:
    for channel in reach.channels(new.channel):
        at_once = channel == Channel.INBOX
        recipient = f"p{reach.person_id}" if channel == Channel.SMS else f"a{reach.account_id}"
        yield Notice(
            key=new.key,
            channel=channel,
            account_id=reach.account_id,
            person_id=reach.person_id,
            topic=new.topic,
            bundle=f"{channel.value}:{recipient}:{new.topic}" if new.topic else "",
            subject=Truncator(" ".join(new.subject.split())).chars(SUBJECT_LIMIT),
            body=new.body.strip(),
            link=new.link,
            state=State.SENT if at_once else State.WAITING,
            sent_at=at if at_once else None,
            created_at=at,
            next_try_at=at,
        )


def _keep_quiet(fresh: Sequence[Notice], *, at: datetime) -> None:
    """Let further texts about a matter wait until the last one about it is `QUIET` ago."""
    waiting = [row for row in fresh if row.state == State.WAITING and row.bundle]
    if not waiting:
        return
    last_sent = dict(
        Notice.objects.filter(bundle__in={row.bundle for row in waiting}, state=State.SENT, sent_at__gt=at - QUIET)
        .values("bundle")
        .annotate(last=Max("sent_at"))
        .values_list("bundle", "last")
    )
    for row in waiting:
        if row.bundle in last_sent:
            row.next_try_at = last_sent[row.bundle] + QUIET


def _merge_unread(fresh: Sequence[Notice]) -> None:
    """Let the newest unread inbox notice about a matter stand for the older ones that nobody read yet."""
    bundles = {row.bundle for row in fresh if row.channel == Channel.INBOX and row.bundle}
    if not bundles:
        return
    here = Notice.objects.filter(bundle__in=bundles)
    newer = Notice.objects.filter(bundle=OuterRef("bundle"), state=State.SENT).filter(
        Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk"))
    )
    newest = newer.order_by("-created_at", "-pk").values("pk")[:1]
    here.filter(Exists(newer), state=State.SENT).update(state=State.MERGED, merged_into=Subquery(newest))
    # What had been merged into a notice that is now itself merged follows it.
    moved = Notice.objects.filter(pk=OuterRef("merged_into"), state=State.MERGED)
    here.filter(Exists(moved), state=State.MERGED).update(merged_into=Subquery(moved.values("merged_into")[:1]))


def _send_once_on_commit() -> None:
    """Wake the sender after the commit, once however many notices were queued; its failure harms nobody."""
    if not any(call[1] is _wake for call in transaction.get_connection().run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    notices_send.enqueue()
