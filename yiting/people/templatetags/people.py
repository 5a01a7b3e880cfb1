"""Template filters of people."""

from django import template

from yiting.people.phones import masked_phone

register = template.Library()


@register.filter
def masked(phone: str | None) -> str:
    """A telephone number with its middle hidden."""
    return masked_phone(phone) if phone else ""
