"""Marks that say who may call a view; the middleware of the web module enforces them.

A view of ours without a mark is a fault that a test and the middleware both report. The mark is the outer
gate only: whether this worker may touch this very place is decided by the view or the service.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

Access = Literal["public", "signed_in", "staff", "admin"]
View = TypeVar("View", bound=Callable[..., Any])


def _marked(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]  # functions and as_view() results both take attributes
    return view


def public(view: View) -> View:
    """Anyone may call the view, signed in or not."""
    return _marked(view, "public")


def signed_in(view: View) -> View:
    """Anyone with an account may call the view."""
    return _marked(view, "signed_in")


def staff(view: View) -> View:
    """Anyone holding a working role (worker, street, deputy, alliance, admin) may call the view."""
    return _marked(view, "staff")


def admin(view: View) -> View:
    """Administrators alone may call the view."""
    return _marked(view, "admin")
