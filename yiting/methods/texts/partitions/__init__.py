"""Near-duplicates of more texts than one machine takes, on Dask: the same groups with the same names.

Importing this without Dask is refused with ExtraMissing, which names the extra to install.
"""

from yiting.methods.texts.extras import ExtraMissing

try:
    import dask  # noqa: F401  # only asked whether it is there
except ImportError as missing:
    raise ExtraMissing("Grouping on Dask", "dask") from missing

from yiting.methods.texts.partitions.grouping import duplicate_groups

__all__ = ["duplicate_groups"]
