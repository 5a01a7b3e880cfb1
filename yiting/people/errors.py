"""Named refusals of the people module, each with a message fit for the person who meets it."""

from django.utils.translation import gettext_lazy as _

from yiting.places.errors import Refused


class PeopleRefused(Refused):
    """Base of the refusals about people."""


class NotYours(PeopleRefused):
    """Something that does not exist or lies outside the actor's place; both answers are the same."""

    message = _("This is not here, or it belongs to another place. Go back and choose from your own list.")
    status = 404


class NotAllowed(PeopleRefused):
    """The actor's roles do not reach this far."""

    message = _("Your role does not allow this. Ask the administrator of this place.")
    status = 403


class PurposeMissing(PeopleRefused):
    """Personal data was asked for without saying what for."""

    message = _("Say what you need the name or telephone for: the person can see who looked, and why.")


class RecordUnreadable(PeopleRefused):
    """A sealed record that none of the keys opens."""

    message = _("This record cannot be opened with the keys at hand. Please tell whoever runs this site.")
    status = 503


class PhoneInvalid(PeopleRefused):
    """What was given is no telephone number."""

    message = _("This does not look like a telephone number. A mobile number has 11 digits, such as 138 0000 0000.")


class PhoneNotMobile(PhoneInvalid):
    """A number that no text message reaches."""

    message = _("A code can only be sent to a mobile number of 11 digits. Please give a mobile number.")


class PhoneTaken(PeopleRefused):
    """A number that already belongs to another voice."""

    message = _("This number is already used here. Sign in with it instead, or ask your community worker.")
    status = 409


class UsernameTaken(PeopleRefused):
    """A user name that another account has."""

    message = _("The user name %(username)s is taken. Please choose another.")
    status = 409


class UsernameInvalid(PeopleRefused):
    """A user name that is empty, too long or holds other signs than letters, digits and @ . + - _."""

    message = _("A user name has 1 to 60 letters or digits, and may hold @ . + - _ but no spaces.")


class UsernameIsPhone(UsernameInvalid):
    """A user name that is somebody's telephone number."""

    message = _("A telephone number cannot be a user name. Please choose a word or a name.")


class PasswordWeak(PeopleRefused):
    """A password that the rules refuse."""

    message = _("This password is too easy to guess: %(reasons)s")


class NameMissing(PeopleRefused):
    """A name that is empty or too long."""

    message = _("Give a name of 1 to %(limit)s characters.")


class OrganisationTaken(PeopleRefused):
    """A second organisation of the same name in the same place."""

    message = _("%(place)s already has an organisation called %(name)s.")
    status = 409


class OrganisationElsewhere(PeopleRefused):
    """A parent organisation whose place does not hold the child's."""

    message = _("%(name)s cannot stand under %(parent)s: it lies in another place.")


class OrganisationNeeded(PeopleRefused):
    """A working role without an organisation to work for."""

    message = _("Say for which organisation this person works.")


class RoleUnknown(PeopleRefused):
    """A kind of role that does not exist."""

    message = _("There is no role called %(kind)s.")


class RoleHeld(PeopleRefused):
    """The same role given twice."""

    message = _("This account already holds that role there.")
    status = 409


class RoleDatesWrong(PeopleRefused):
    """A role that would end before it begins."""

    message = _("A role cannot end before it begins. Please look at the dates again.")


class RoleEnded(PeopleRefused):
    """A role that has ended already."""

    message = _("This role has already ended.")
    status = 409


class LastAdministrator(PeopleRefused):
    """The last administrator of a place would lose the role."""

    message = _("You cannot end your own administrator role. Ask another administrator to do it.")
    status = 409


class HouseholdPlaceWrong(PeopleRefused):
    """A home placed in something larger than an estate."""

    message = _("A home lies in an estate or a building. %(place)s is neither.")


class DoorMissing(PeopleRefused):
    """A home without its unit and room."""

    message = _("Say which unit and room, such as 2单元501.")


class BuildingUnknown(PeopleRefused):
    """A building that the estate does not have, as far as is known here."""

    message = _("%(estate)s has no building “%(building)s” here. It has: %(known)s.")


class HomeMissing(PeopleRefused):
    """A home that waits for nobody, or not for this worker."""

    message = _("There is no such home to confirm.")
    status = 404


class HomeChanged(PeopleRefused):
    """A home that was changed or dealt with since the page was opened."""

    message = _("This was changed or dealt with meanwhile. Look at the list anew.")
    status = 409


class PersonErased(PeopleRefused):
    """A person whose data was erased cannot be read or changed any more."""

    message = _("This person asked to be forgotten. Nothing about them is kept.")
    status = 410


class TokenUnknown(PeopleRefused):
    """A token that does not exist, was mistyped, or was revoked."""

    message = _("This token is not known here or was revoked. Ask the administrator for a new one.")
    status = 401


class ScopeUnknown(PeopleRefused):
    """A token asked for without scopes, or with one that does not exist."""

    message = _("Choose at least one of the things a token may do: %(known)s.")


class AccountAtWork(PeopleRefused):
    """An account with a working role cannot simply vanish."""

    message = _("You still hold a working role. Ask your administrator to end it first; your own data can go at once.")
    status = 409


class TooOften(Refused):
    """More in a few minutes than a person, or a hall full of them, would say."""

    message = _("That was a lot in a short time. Please wait %(minutes)s minutes and try again; nothing is lost.")
    status = 429
