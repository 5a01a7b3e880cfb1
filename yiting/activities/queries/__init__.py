"""Every read of the activities module that a page or another module needs."""

from yiting.activities.codes import fresh_code, read_code

__all__ = ["fresh_code", "read_code"]
