"""What a public sentence may hold: its length, numbers that belong to a person, attacks."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiting.deliberation.attacks import ATTACKS
from yiting.methods.texts import mask_personal, normalise


def why_held(text: str) -> str | Promise:
    """Why a text cannot be shown as it is; empty when it can."""
    if mask_personal(text) != text:
        return _("there is a telephone number or another personal number in it")
    plain = "".join(normalise(text).lower().split())
    if any("".join(word.split()) in plain for word in ATTACKS):
        return _("it attacks a person instead of speaking about the matter")
    return ""
