"""Tables of who speaks: pseudonymous persons, their households, and the sealed personal record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.people.models.office import Account


class Household(models.Model):
    """A home in a building or estate, known only by a keyed hash of its unit and room."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    key = models.CharField(_("key"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = []
        indexes = [models.Index(fields=["place"], name="people_household_by_place")]


class Person(models.Model):
    """One voice, without a name: what everything else in the system points at.

    `source` and `source_key` say under which key (hashed) an office's list knows the person; further keys of
    the same person stand in `PersonKey`. An erased person keeps the row, so that every count holds.
    """

    household = models.ForeignKey(Household, on_delete=models.SET_NULL, null=True, blank=True, related_name="persons")
    account = models.OneToOneField(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="person")
    source = models.CharField(_("source"), max_length=60, blank=True, default="")
    source_key = models.CharField(_("key in the source, keyed hash"), max_length=64, blank=True, default="")
    # A home is somebody's word until the community has found that they live there; only then it gives them a vote.
    home_told_at = models.DateTimeField(_("home told on the own page at"), null=True, blank=True)
    home_proved_at = models.DateTimeField(_("home confirmed at"), null=True, blank=True)
    home_proved_by = models.CharField(_("home confirmed in the role of"), max_length=120, blank=True, default="")
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~Q(source_key=""),
                name="people_person_once_in_source",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(source_key="", household__isnull=True, account__isnull=True),
                name="people_person_erased_is_bare",
            ),
            models.CheckConstraint(
                condition=Q(home_proved_at__isnull=True) | Q(household__isnull=False),
                name="people_home_proved_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["home_told_at"],
                condition=Q(home_told_at__isnull=False, home_proved_at__isnull=True),
                name="people_home_to_confirm",
            )
        ]


class PersonKey(models.Model):
    """A further key under which some source knows a person already known."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")
    source = models.CharField(_("source"), max_length=60)
    source_key = models.CharField(_("key in the source, keyed hash"), max_length=64)

    class Meta:
        verbose_name = _("further key of a person")
        verbose_name_plural = _("further keys of persons")
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="people_key_once_in_source"),
        ]
        indexes = []


class PersonalRecord(models.Model):
    """Name, telephone and home of a person, each encrypted; nothing else in the database holds them.

    `phone_index` is set only when the number identifies the person: told by somebody without an account, or
    proved by a code. A number that an account merely typed is kept to call back and identifies nobody.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="record")
    name = models.TextField(_("name, encrypted"), blank=True, default="")
    phone = models.TextField(_("telephone, encrypted"), blank=True, default="")
    home = models.TextField(_("home, encrypted"), blank=True, default="")
    phone_index = models.CharField(
        _("telephone, keyed hash"), max_length=64, null=True, blank=True, unique=True
    )  # null lets many have none
    phone_verified_at = models.DateTimeField(_("telephone proved at"), null=True, blank=True)
    consent_how = models.CharField(_("how the person agreed"), max_length=60, blank=True, default="")
    consent_at = models.DateTimeField(_("agreed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("personal record")
        verbose_name_plural = _("personal records")
        constraints = []
        indexes = []


class PersonalReading(models.Model):
    """Who read somebody's record, in which role, what for and when. Kept when the record is erased."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="readings")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    role_label = models.CharField(_("in the role of"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=200)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reading of a personal record")
        verbose_name_plural = _("readings of personal records")
        constraints = []
        indexes = [models.Index(fields=["person", "-at"], name="people_readings_of_person")]
