"""Senders of text messages: a small interface, the one that prints, and the choice by settings."""

import sys
from typing import Protocol, TextIO, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string


@runtime_checkable
class SmsSender(Protocol):
    """What a provider of text messages offers; it raises any exception when it could not take the message."""

    def send(self, phone: str, text: str) -> None:
        """Hand one message over to the provider."""
        ...


class ConsoleSender:
    """Prints messages where the program was started: for the demo and for work on a desk."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream

    def send(self, phone: str, text: str) -> None:
        """Print the message."""
        print(f"[SMS {phone}] {text}", file=self.stream or sys.stderr, flush=True)  # its whole purpose


def sms_sender() -> SmsSender:
    """The sender named by `settings.YITING_SMS_SENDER`."""
    sender: SmsSender = import_string(settings.YITING_SMS_SENDER)()
    return sender
