"""Near-duplicates at the size of a city: signed, met under keys, compared, led.

The steps stand alone, so that partitions of a larger whole can be signed apart (`sign`), their pairs found by keys
(`candidate_pairs`) and compared (`alike`) wherever they lie, and led together (`clusters`).
"""

from yiting.methods.texts.duplicates.grouping import duplicate_groups, join_duplicates

__all__ = ["duplicate_groups", "join_duplicates"]
