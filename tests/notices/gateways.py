"""Gateways for text messages that the tests look into."""

from typing import ClassVar


class GatewayDown(Exception):
    """The gateway did not answer."""


class Recording:
    """Keeps what it was given; `down` makes it refuse."""

    sent: ClassVar[list[tuple[str, str]]] = []
    down: ClassVar[bool] = False

    def send(self, phone: str, text: str) -> None:
        if self.down:
            raise GatewayDown(f"no route to {phone}: {text}")
        self.sent.append((phone, text))
