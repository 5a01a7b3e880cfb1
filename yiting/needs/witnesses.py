"""What the needs module tells the ledger: the sentences of its verbs, and where committed words live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from yiting.ledger.services import register_verbs, register_witness
from yiting.needs.models import Reply, ServiceRequest

VERBS = {
    "needs.request.filed": _("Somebody said it"),
    "needs.support.added": _("Somebody joined in: me too"),
    "needs.support.withdrawn": _("Somebody took their “me too” back"),
    "needs.need.sorted": _("Looked through and sorted"),
    "needs.need.merged": _("Merged into the same matter"),
    "needs.need.absorbed": _("Joined with the same matter: %(title)s"),
    "needs.need.unmerged": _("A matter of its own again"),
    "needs.need.released": _("Told apart from: %(title)s"),
    "needs.need.split": _("A part became a matter of its own: %(title)s"),
    "needs.need.split_off": _("Became a matter of its own"),
    "needs.need.assigned": _("Given to %(organisation)s"),
    "needs.need.accepted": _("%(organisation)s takes it on"),
    "needs.need.handed_back": _("%(organisation)s handed it back: %(reason)s. %(note)s"),
    "needs.need.returned": _("Cannot be done: %(reason)s"),
    "needs.need.discussed": _("Taken to the pavilion to be talked over"),
    "needs.need.chosen": _("Chosen: %(project)s"),
    "needs.need.building": _("Work has begun: %(project)s"),
    "needs.need.delivered": _("Done: %(project)s"),
    "needs.need.released_from_project": _("The project was given up: %(note)s"),
    "needs.need.answered": _("Everybody who asked was answered"),
    "needs.need.reopened": _("Residents say it is not solved; it is taken up again"),
    "needs.need.closed": _("Closed"),
    "needs.clock.stopped": _("The clock stands still: waiting for %(waiting_for)s"),
    "needs.clock.resumed": _("The clock runs on"),
    "needs.reply.sent": _("An answer was sent"),
    "needs.judgement.given": _("A resident judged the result"),
    "needs.suggestion.accepted": _("A suggestion was accepted"),
    "needs.suggestion.refused": _("A suggestion was refused"),
    "needs.suggestion.changed": _("A suggestion was answered otherwise"),
    "needs.photo.shown": _("It was decided whether a photo is shown"),
    "needs.import.finished": _("A spreadsheet was read in"),
}


def register() -> None:
    """Hand the verbs and the witnesses to the ledger, once the apps are ready."""
    register_verbs(VERBS)
    register_witness("needs.servicerequest", _request_words)
    register_witness("needs.reply", _reply_words)


def _request_words(ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    rows = ServiceRequest.objects.filter(pk__in=ids).values_list("pk", "title", "text")
    return {str(pk): {"text": f"{title}\n{text}"} for pk, title, text in rows}


def _reply_words(ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    return {str(pk): {"text": text} for pk, text in Reply.objects.filter(pk__in=ids).values_list("pk", "text")}
