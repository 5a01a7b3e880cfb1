"""Who acts: an account with its roles, a resident without one, or the system itself; and the answer to "may I?"."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

WORKING_KINDS = frozenset({"worker", "street", "deputy", "alliance", "admin"})
HANDLING_KINDS = frozenset({"worker", "street", "admin"})
# The role that stands first on a label when somebody holds several.
_STRENGTH = ("admin", "street", "worker", "deputy", "alliance", "resident")


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why not."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held today: what, at which organisation, and over which part of the tree of places."""

    kind: str
    organisation_id: int | None
    organisation_name: str
    place_id: int
    place_path: str

    def covers(self, place_path: str) -> bool:
        """Whether the place at `place_path` lies in the grant's place or is it."""
        return bool(self.place_path) and place_path.startswith(self.place_path)

    @property
    def label(self) -> str:
        """The role and the organisation, never a person: "worker@天骄社区"."""
        return f"{self.kind}@{self.organisation_name}" if self.organisation_name else self.kind


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for something. `everywhere` is the system's own power and is never held by an account."""

    account_id: int | None
    person_id: int | None
    grants: tuple[Grant, ...]
    label: str
    everywhere: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether the actor holds any working role."""
        return self.everywhere or any(grant.kind in WORKING_KINDS for grant in self.grants)

    @property
    def is_admin(self) -> bool:
        """Whether the actor administers any place."""
        return self.everywhere or any(grant.kind == "admin" for grant in self.grants)

    def works_at(self, place_path: str) -> bool:
        """Whether the actor handles the matters of the place at `place_path`."""
        return self.everywhere or self._holds(HANDLING_KINDS, place_path)

    def administers(self, place_path: str) -> bool:
        """Whether the actor may give roles and manage accounts over the place."""
        return self.everywhere or self._holds(frozenset({"admin"}), place_path)

    def deputy_at(self, place_path: str) -> bool:
        """Whether the actor is a deputy for the place."""
        return self._holds(frozenset({"deputy"}), place_path)

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations for which the actor works."""
        return frozenset(
            grant.organisation_id
            for grant in self.grants
            if grant.organisation_id is not None and grant.kind in WORKING_KINDS
        )

    @property
    def handling_ids(self) -> frozenset[int]:
        """The organisations for which the actor takes matters on; a deputy looks on and handles nothing."""
        return frozenset(
            grant.organisation_id
            for grant in self.grants
            if grant.organisation_id is not None and grant.kind in WORKING_KINDS - {"deputy"}
        )

    @property
    def work_paths(self) -> tuple[str, ...]:
        """Where the actor handles matters, as paths; the system works from the root."""
        return ("/",) if self.everywhere else self._paths(HANDLING_KINDS)

    @property
    def admin_paths(self) -> tuple[str, ...]:
        """What the actor administers, as paths."""
        return ("/",) if self.everywhere else self._paths(frozenset({"admin"}))

    @property
    def role_label(self) -> str:
        """The role for the ledger and for logs: role and organisation, never a person's name."""
        if self.everywhere:
            return self.label
        return min(self.grants, key=_strength).label if self.grants else "resident"

    def role_label_at(self, place_path: str) -> str:
        """The label of the role that counts at a place, or the strongest when none does."""
        here = [grant for grant in self.grants if grant.covers(place_path)]
        return min(here, key=_strength).label if here and not self.everywhere else self.role_label

    def _holds(self, kinds: frozenset[str], place_path: str) -> bool:
        return any(grant.kind in kinds and grant.covers(place_path) for grant in self.grants)

    def _paths(self, kinds: frozenset[str]) -> tuple[str, ...]:
        return tuple(sorted({grant.place_path for grant in self.grants if grant.kind in kinds}))


def _strength(grant: Grant) -> int:
    return _STRENGTH.index(grant.kind) if grant.kind in _STRENGTH else len(_STRENGTH)


RESIDENT = Actor(account_id=None, person_id=None, grants=(), label="resident")


def system_actor(name: str) -> Actor:
    """An actor for what no person does: an import, the demo, a task at its hour."""
    return Actor(account_id=None, person_id=None, grants=(), label=f"system:{name}", everywhere=True)
