"""The daily round: reminders before a deadline, second looks, quiet closings, hot matters. Each acts once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.needs.models import Need
from yiting.needs.services.heating import hot_refresh_all
from yiting.needs.services.indexing import index_tidy
from yiting.needs.services.judging import looks_ask, quiet_close
from yiting.needs.services.telling import tell_organisation
from yiting.needs.states import OPEN_STATES

AHEAD = timedelta(days=2)


@transaction.atomic
def reminders_send(*, at: datetime) -> int:
    """Remind the organisation that holds a need whose deadline is near or past, once each; return how many."""
    due = Need.objects.filter(
        parent__isnull=True,
        state__in=OPEN_STATES,
        handler__isnull=False,
        due_at__isnull=False,
        due_at__lte=at + AHEAD,
    )
    reminded = 0
    for need in due.select_related("handler").order_by("due_at", "id")[:1000]:
        late = need.due_at is not None and need.due_at < at
        subject = _("Past its day: %(title)s") if late else _("Due soon: %(title)s")
        event = f"{'late' if late else 'soon'}-{need.due_at:%Y%m%d}"
        assert need.handler is not None
        reminded += tell_organisation(need, need.handler, subject % {"title": need.title}, event=event, at=at)
    return reminded


def daily_round(*, at: datetime) -> dict[str, int]:
    """Do all that comes due with time; running it again at once does nothing more."""
    return {
        "reminders": reminders_send(at=at),
        "looks": looks_ask(at=at),
        "closed": quiet_close(at=at),
        "hot": hot_refresh_all(at=at),
        "index": index_tidy(),
    }
