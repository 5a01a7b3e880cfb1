"""Named refusals of notices."""

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class NoticesRefused(Refused):
    """Base of the refusals about notices."""


class NoticeMissing(NoticesRefused):
    """No such notice, or none of this reader's."""

    message = _("This message is not in your inbox. Go back to your messages and choose it there.")
    status = 404


class NoticeNotFailed(NoticesRefused):
    """A notice that is not waiting for a second chance."""

    message = _("This message has not failed, so there is nothing to send again. Reload the list.")
    status = 409


class NoticeIllFormed(ValueError):
    """A notice that a module of ours wrote wrongly; a fault of the program, not of the reader."""


class OutsideTransaction(RuntimeError):
    """A notice queued outside the transaction of the change that it tells of."""


class NoAddress(Exception):
    """The person has left no phone number or mail address for this channel, or has taken it back."""
