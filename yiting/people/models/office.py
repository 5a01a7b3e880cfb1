"""Tables of who may sign in and for whom they work."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiting.places import clock


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts for Django's own commands and for tests; everybody else calls `account_create`."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """Make an account that can sign in with this password, or with none at all when it is empty."""
        fields.setdefault("created_at", clock.now())
        account = self.model(username=self.model.normalize_username(username), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """Make an account that may read everything in Django's own administration."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """A way to sign in. It has no e-mail address: people here sign in by name or by telephone."""

    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken. Please choose another.")},
    )
    public_name = models.CharField(_("public name"), max_length=40, blank=True, default="")
    is_staff = models.BooleanField(_("may open Django's administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    created_at = models.DateTimeField(_("created at"))

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = []
        indexes = []

    def __str__(self) -> str:
        return self.public_name or self.username

    def get_full_name(self) -> str:
        """The name shown to others; Django's own administration asks for it."""
        return str(self)

    def get_short_name(self) -> str:
        """The same name again: it is short enough."""
        return str(self)


class PhoneClaim(models.Model):
    """A telephone number that an account says is its own and has not proved yet by a code."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="phone_claim")
    phone = models.TextField(_("telephone, encrypted"))
    phone_index = models.CharField(_("telephone, keyed hash"), max_length=64)
    claimed_at = models.DateTimeField(_("claimed at"))

    class Meta:
        verbose_name = _("telephone to be proved")
        verbose_name_plural = _("telephones to be proved")
        constraints = []
        indexes = [models.Index(fields=["phone_index"], name="people_claim_by_phone")]


class Organisation(models.Model):
    """A body that people work for, and the place it answers for."""

    class Kind(models.TextChoices):
        STREET_OFFICE = "street_office", _("Street office")
        COMMUNITY = "community", _("Community")
        DEPARTMENT = "department", _("Department")
        ENTERPRISE = "enterprise", _("Enterprise")
        INSTITUTE = "institute", _("Institute")
        PARTY_BRANCH = "party_branch", _("Party branch")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="people_organisation_once_in_place"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="people_organisation_not_own_parent",
            ),
        ]
        indexes = [models.Index(fields=["place", "kind"], name="people_organisation_by_place")]

    def __str__(self) -> str:
        return self.name


class RoleKind(models.TextChoices):
    """What somebody may be, at an organisation and over a place."""

    RESIDENT = "resident", _("Resident")
    WORKER = "worker", _("Community worker")
    STREET = "street", _("Street staff")
    DEPUTY = "deputy", _("Deputy")
    ALLIANCE = "alliance", _("Alliance contact")
    ADMIN = "admin", _("Administrator")


class Role(models.Model):
    """What an account is, where, and when; `until_on` is the first day on which it is no longer."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("kind"), max_length=10, choices=RoleKind.choices)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roles",
        verbose_name=_("organisation"),
    )
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    since_on = models.DateField(_("since"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="people_role_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(kind=RoleKind.RESIDENT) | Q(organisation__isnull=False),
                name="people_role_works_for_somebody",
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "organisation", "place"],
                condition=Q(until_on__isnull=True, organisation__isnull=False),
                name="people_role_held_once",
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "place"],
                condition=Q(until_on__isnull=True, organisation__isnull=True),
                name="people_role_held_once_alone",
            ),
        ]
        indexes = [models.Index(fields=["place", "kind"], name="people_role_by_place")]


class TokenScope(models.TextChoices):
    """What a program may do with a token."""

    FILE = "requests:file", _("Hand in requests (Open311)")
    READ = "needs:read", _("Read needs and projects")
    WORK = "needs:work", _("Work on needs as a member of the organisation")


class ApiToken(models.Model):
    """A key with which an organisation's program calls the API; only its hash is kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(_("label"), max_length=80)
    prefix = models.CharField(_("first characters"), max_length=12, unique=True)
    token_hash = models.CharField(_("hash"), max_length=64)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = []
        indexes = []
