"""What deliberation refuses, each with words that say what to do."""

from __future__ import annotations
