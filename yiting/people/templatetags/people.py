"""Template filters and tags of people."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django import template

from yiting.people.phones import masked_phone

register = template.Library()


@register.filter
def masked(phone: str | None) -> str:
    """A telephone number with its middle hidden."""
    return masked_phone(phone) if phone else ""


@register.simple_tag(takes_context=True)
def passkey_address(context: dict[str, Any]) -> str:
    """Where this page can be had for a passkey; empty where it is had already.

    Browsers bind passkeys to the name of a house and refuse bare numbers such as 127.0.0.1. The machine itself has
    the name localhost; of another number the name is not known, and what comes back is '#'.
    """
    address = urlsplit(context["request"].build_absolute_uri())
    try:
        number = ip_address(address.hostname or "")
    except ValueError:
        return ""
    if not number.is_loopback:
        return "#"
    port = f":{address.port}" if address.port else ""
    return f"{address.scheme}://localhost{port}{address.path}"
