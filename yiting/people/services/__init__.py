"""Every write of people: accounts, organisations, roles and tokens; persons and their personal records."""

from yiting.people.services.accounts import (
    account_create,
    account_erase,
    account_password_set,
    account_update,
    phone_claim,
    phone_prove,
    staff_create,
)
from yiting.people.services.homes import home_confirm, home_refuse, home_tell
from yiting.people.services.offices import (
    organisation_add,
    organisation_close,
    organisation_reopen,
    role_end,
    role_grant,
)
from yiting.people.services.persons import Identity, person_identify, persons_identify
from yiting.people.services.records import (
    Holding,
    PersonalData,
    person_erase,
    person_export,
    personal_read,
    personal_read_many,
    personal_rotate,
    personal_update,
    register_holding,
)
from yiting.people.services.tokens import token_check, token_issue, token_revoke

__all__ = [
    "Holding",
    "Identity",
    "PersonalData",
    "account_create",
    "account_erase",
    "account_password_set",
    "account_update",
    "home_confirm",
    "home_refuse",
    "home_tell",
    "organisation_add",
    "organisation_close",
    "organisation_reopen",
    "person_erase",
    "person_export",
    "person_identify",
    "personal_read",
    "personal_read_many",
    "personal_rotate",
    "personal_update",
    "persons_identify",
    "phone_claim",
    "phone_prove",
    "register_holding",
    "role_end",
    "role_grant",
    "staff_create",
    "token_check",
    "token_issue",
    "token_revoke",
]
