"""Every read of the needs module that a page or another module needs."""

from yiting.needs.codes import fresh_code, read_code

__all__ = ["fresh_code", "read_code"]
