"""Tables of people: who works here (accounts, organisations, roles, tokens), and who speaks (persons)."""

from yiting.people.models.office import (
    Account,
    ApiToken,
    Organisation,
    PhoneClaim,
    Role,
    RoleKind,
    TokenScope,
)
from yiting.people.models.person import Household, Person, PersonalReading, PersonalRecord, PersonKey

__all__ = [
    "Account",
    "ApiToken",
    "Household",
    "Organisation",
    "Person",
    "PersonKey",
    "PersonalReading",
    "PersonalRecord",
    "PhoneClaim",
    "Role",
    "RoleKind",
    "TokenScope",
]
