"""Near-duplicates at the size of a city: signed, met under keys, compared, led.

The steps stand alone, so that partitions of a larger whole can be signed apart (`sign`), their pairs found by keys
(`pairs_of_band`) and compared (`same_message`) wherever they lie, and led together (`clusters`).
"""

from yiting.methods.texts.duplicates.grouping import duplicate_groups, join_duplicates
from yiting.methods.texts.duplicates.spilling import SpilledTexts

__all__ = ["SpilledTexts", "duplicate_groups", "join_duplicates"]
