"""Work that waits for the commit: sending the outbox, and the sweep that finds what was left behind."""

from datetime import timedelta

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from yiting.notices.delivery import notices_deliver
from yiting.places import clock

# A sweep takes everything that is due, however old: its window is wider than any period could be.
SWEEP_PERIOD = timedelta(minutes=5)
# The clock is read again after so many, since gateways take their time.
SENT_A_ROUND = 50


@task()
def notices_send() -> int:
    """Send what waits in the outbox and say how many left; enqueued after each commit that queued some."""
    sweep_schedule()
    return _send_all()


@task()
def notices_sweep() -> int:
    """Send what is due again: what failed, kept quiet or was left by a dead worker; then do it again."""
    # The next sweep is put down first, so that a sweep that dies does not end them all.
    sweep_schedule()
    return _send_all()


def sweep_schedule() -> bool:
    """Put down the next sweep unless one waits already; False too where tasks run at once and cannot wait."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=notices_sweep.module_path)
    if not notices_sweep.get_backend().supports_defer or waiting.exists():
        return False
    # the queue waits by the machine's own clock
    notices_sweep.using(run_after=clock.machine_now() + SWEEP_PERIOD).enqueue()
    return True


def _send_all() -> int:
    sent = 0
    while True:
        delivery = notices_deliver(at=clock.now(), limit=SENT_A_ROUND)
        sent += delivery.sent
        if not delivery.claimed:
            return sent
