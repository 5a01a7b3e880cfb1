"""Yiting (议亭): residents' needs heard, merged, made into projects, delivered and judged."""

__version__ = "0.1.0"
