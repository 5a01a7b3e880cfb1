"""May I? Pure questions about people; each answer carries its reason."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yiting.people.actors import YES, Actor, Decision


def can_read_personal(by: Actor, *, person_id: int, place_path: str) -> Decision:
    """The person themself, and those who handle matters where the person's request lies."""
    if _is_self(by, person_id) or by.works_at(place_path):
        return YES
    return Decision(False, _("Only those who handle matters in this place may see names and telephone numbers."))


def can_export_personal(by: Actor, *, person_id: int, place_path: str) -> Decision:
    """The person themself, and an administrator who does it for them."""
    if _is_self(by, person_id) or by.administers(place_path):
        return YES
    return Decision(False, _("Only you yourself, or the administrator of your place for you, may take out your data."))


def can_erase_personal(by: Actor, *, person_id: int, place_path: str) -> Decision:
    """The person themself, and an administrator who does it for them."""
    if _is_self(by, person_id) or by.administers(place_path):
        return YES
    return Decision(False, _("Only you yourself, or the administrator of your place for you, may erase your data."))


def can_administer(by: Actor, *, place_path: str) -> Decision:
    """Administrators of the place or of one above it."""
    if by.administers(place_path):
        return YES
    return Decision(False, _("Only an administrator of this place may do this."))


def can_manage_account(by: Actor, *, role_paths: Iterable[str]) -> Decision:
    """Administrators who administer every place in which the account holds a role.

    An account that also works elsewhere is left to those above both: nobody takes over a stronger one.
    """
    paths = list(role_paths)
    if by.everywhere or (paths and all(by.administers(path) for path in paths)):
        return YES
    return Decision(False, _("This account also works in a place that is not yours."))


def _is_self(by: Actor, person_id: int) -> bool:
    return by.person_id is not None and by.person_id == person_id
