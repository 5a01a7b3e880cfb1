"""Named refusals of the ledger."""

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class LedgerRefused(Refused):
    """Base of the refusals of the ledger."""


class EntryMissing(LedgerRefused):
    """No entry with this number, or none yet."""

    message = _("The ledger has no entry %(index)s: it holds %(size)s entries, counted from 0.")
    status = 404


class SizeWrong(LedgerRefused):
    """A proof was asked for at a size that the ledger does not have."""

    message = _("The ledger cannot answer for %(first)s and %(second)s entries: it holds %(size)s.")
    status = 400


class ObjectNotInLedger(LedgerRefused):
    """A proof was asked for of something the ledger never took down."""

    message = _("The ledger has no entry about this. Nothing was taken down, so nothing can be proven.")
    status = 404


class FactsUnfit(LedgerRefused):
    """Facts that have no one canonical form: floats, sets, objects."""

    message = _("The ledger takes texts, whole numbers, dates, lists and tables only, not %(kind)s.")
    status = 500


class WitnessMissing(LedgerRefused):
    """Words were to be committed to, but nobody has registered how to read them back."""

    message = _("Words of %(object_type)s cannot be committed to: no witness is registered that reads them back.")
    status = 500


class OutsideTransaction(LedgerRefused):
    """An entry was to be appended apart from the change that it tells of."""

    message = _("A ledger entry goes into the same transaction as the change that it tells of.")
    status = 500


class KindUnfit(LedgerRefused):
    """A verb that is not namespaced as module.noun.verb."""

    message = _("“%(kind)s” is no verb for the ledger: write module.noun.verb in small letters.")
    status = 500
