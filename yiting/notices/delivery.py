"""Sending what waits in the outbox: once, by whichever worker claims it first, again after a failure."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections, router, transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation

from yiting.notices import senders
from yiting.notices.errors import NoAddress, NoticeMissing, NoticeNotFailed
from yiting.notices.models import Failure, Notice, State
from yiting.notices.wording import compose
from yiting.people.actors import Actor

logger = logging.getLogger(__name__)

BATCH = 50
# Longer than a batch takes when the gateway answers slowly; after it another worker takes over.
LEASE = timedelta(minutes=15)
MAX_TRIES = 6
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)


@dataclass(slots=True)
class Delivery:
    """What one run did. `merged` notices travelled inside a newer one; `retried` ones are tried again."""

    claimed: int = 0
    sent: int = 0
    merged: int = 0
    retried: int = 0
    failed: int = 0


def wait_before(tries: int) -> timedelta:
    """How long to wait after so many failures: a minute, four, sixteen … at most two hours."""
    return min(FIRST_WAIT * int(4 ** (tries - 1)), LONGEST_WAIT)


def notices_deliver(*, at: datetime, limit: int | None = None) -> Delivery:
    """Send what is due: all of it, or about `limit` notices.

    Rows are claimed before they are sent, under row locks that skip those of other workers (PostgreSQL) or
    under the one write lock (SQLite). The claim is a lease: a worker that dies gives its rows back after
    `LEASE`, and only the holder of the lease writes the outcome. No lock is held while the gateway is spoken
    to, so that a worker which dies between the gateway's yes and the outcome is the one way to send twice.
    """
    delivery = Delivery()
    while limit is None or delivery.claimed < limit:
        lease = uuid4()
        claimed = _claim(lease, at=at, most=BATCH if limit is None else min(BATCH, limit - delivery.claimed))
        if not claimed:
            break
        delivery.claimed += len(claimed)
        for bundle in _bundles(claimed):
            _send_bundle(bundle, lease, delivery, at=at)
    return delivery


def notice_retry(*, by: Actor, notice: Notice, at: datetime) -> Notice:
    """Give a failed notice another round of tries; administrators only. Twice is told, not done twice."""
    if not by.is_admin:
        raise NoticeMissing
    changed = Notice.objects.filter(pk=notice.pk, state=State.FAILED).update(
        state=State.WAITING, failure="", tries=0, next_try_at=at, lease=None, lease_until=None
    )
    if not changed:
        raise NoticeNotFailed
    notice.refresh_from_db()
    return notice


def _claim(lease: UUID, *, at: datetime, most: int) -> list[Notice]:
    """Take what is due, and with each what else waits in its bundle, under a lease of our own."""
    free = Notice.objects.filter(state=State.WAITING).filter(Q(lease__isnull=True) | Q(lease_until__lte=at))
    with transaction.atomic():
        keys = list(_unlocked(free.filter(next_try_at__lte=at)).values_list("pk", "bundle")[:most])
        bundles = {bundle for _, bundle in keys if bundle}
        beside = list(_unlocked(free.filter(bundle__in=bundles)).values_list("pk", flat=True)) if bundles else []
        # The conditions stand in the UPDATE too: where rows cannot be locked, it alone decides.
        free.filter(pk__in={*(pk for pk, _ in keys), *beside}).update(
            lease=lease, lease_until=at + LEASE, tries=F("tries") + 1
        )
    return list(Notice.objects.filter(lease=lease, state=State.WAITING).select_related("person", "account"))


def _unlocked(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    ordered = rows.order_by("next_try_at", "pk")
    database = connections[router.db_for_write(Notice)]
    if database.features.has_select_for_update_skip_locked:
        return ordered.select_for_update(skip_locked=True)
    return ordered


def _bundles(claimed: Sequence[Notice]) -> list[list[Notice]]:
    """The claimed notices by bundle, newest first in each, oldest bundle first; without topic each alone."""
    bundles: dict[str, list[Notice]] = {}
    for notice in sorted(claimed, key=_age, reverse=True):
        bundles.setdefault(notice.bundle or str(notice.pk), []).append(notice)
    return sorted(bundles.values(), key=lambda bundle: _age(bundle[0]))


def _age(notice: Notice) -> tuple[datetime, int]:
    return notice.created_at, notice.pk


def _send_bundle(bundle: Sequence[Notice], lease: UUID, delivery: Delivery, *, at: datetime) -> None:
    newest = bundle[0]
    if newest.tries > MAX_TRIES:
        # Every try so far ended without a word, so that this notice may be what ends the workers.
        _fail(bundle, lease, Failure.SENDER, delivery)
        return
    language = newest.account.language if newest.account else settings.LANGUAGE_CODE
    try:
        with translation.override(language):
            text = compose(bundle, public_url=settings.YITING_PUBLIC_URL)
        senders.send(newest, text=text, at=at)
    except NoAddress:
        _fail(bundle, lease, Failure.NO_ADDRESS, delivery)
    except Exception as error:  # a gateway is foreign code: whatever it raises, the other notices go on
        # The words of the error may quote the number or the text: only its kind is logged.
        logger.warning("notice %s was not taken by its sender: %s", newest.key, type(error).__name__)
        _put_back(bundle, lease, delivery, at=at)
    else:
        _close(bundle, lease, delivery, at=at)


def _close(bundle: Sequence[Notice], lease: UUID, delivery: Delivery, *, at: datetime) -> None:
    newest, *older = bundle
    with transaction.atomic():
        delivery.sent += _held(lease, [newest]).update(state=State.SENT, sent_at=at, lease=None, lease_until=None)
        delivery.merged += _held(lease, older).update(
            state=State.MERGED, merged_into=newest, lease=None, lease_until=None
        )


def _put_back(bundle: Sequence[Notice], lease: UUID, delivery: Delivery, *, at: datetime) -> None:
    _fail([notice for notice in bundle if notice.tries >= MAX_TRIES], lease, Failure.SENDER, delivery)
    for notice in bundle:
        if notice.tries < MAX_TRIES:
            delivery.retried += _held(lease, [notice]).update(
                next_try_at=at + wait_before(notice.tries), lease=None, lease_until=None
            )


def _fail(bundle: Sequence[Notice], lease: UUID, failure: Failure, delivery: Delivery) -> None:
    delivery.failed += _held(lease, bundle).update(state=State.FAILED, failure=failure, lease=None, lease_until=None)
    for notice in bundle:
        logger.error("notice %s could not be sent: %s", notice.key, failure.value)


def _held(lease: UUID, bundle: Sequence[Notice]) -> QuerySet[Notice]:
    """Those of the notices that are still ours to write."""
    return Notice.objects.filter(pk__in=[notice.pk for notice in bundle], lease=lease, state=State.WAITING)
