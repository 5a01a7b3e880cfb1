"""Why a hot matter stands where it stands, in words a resident reads."""

from collections.abc import Mapping
from typing import Any


def reasons_in_words(why: Mapping[str, Any]) -> list[str]:
    """Say the reasons."""
    return [f"{k}: {v}" for k, v in why.items()]
