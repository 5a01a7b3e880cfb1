"""What other modules tell the ledger at start: sentences for their verbs, how to read their words back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from django.utils.translation import gettext_lazy as _

# Reads the live words of objects: keys in, {key: {name of the word: text}} out, without those not there.
Fetch = Callable[[Sequence[str]], Mapping[str, Mapping[str, str]]]

OPENING_ERASED = "ledger.opening.erased"

_fetches: dict[str, Fetch] = {}
_sentences: dict[str, object] = {}


class Told(Protocol):
    """Whatever has a verb and the facts that its sentence names."""

    @property
    def kind(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, object]: ...


class _Gaps(dict[str, object]):
    """Facts of a sentence; one that is erased or unknown shows as an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"


def register_witness(object_type: str, fetch: Fetch) -> None:
    """Say how to read the live words of one type of object, such as "needs.servicerequest"."""
    _fetches[object_type] = fetch


def register_verbs(sentences: Mapping[str, object]) -> None:
    """Give each verb its sentence, a lazy msgid with placeholders named like facts: "Filed at %(place)s"."""
    _sentences.update(sentences)


def register_own_verbs() -> None:
    """Give the ledger's own verb its sentence."""
    register_verbs({OPENING_ERASED: _("Personal contents erased on request")})


def find_witness(object_type: str) -> Fetch | None:
    """Return the registered way of reading an object's words, if there is one."""
    return _fetches.get(object_type)


def list_verbs() -> dict[str, str]:
    """List the registered verbs with their sentences in the language of the moment."""
    return {kind: str(sentence) for kind, sentence in sorted(_sentences.items())}


def verb_sentence(row: Told) -> str:
    """Say in a sentence what a row of the ledger tells; an unknown verb stands as it is."""
    if row.kind not in _sentences:
        return row.kind
    return str(_sentences[row.kind]) % _Gaps(row.facts)
