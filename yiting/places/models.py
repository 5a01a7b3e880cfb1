"""Tables of places: the tree, and the map from old division codes to new ones."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The levels of the tree, from the top down; the first five carry division codes."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County or district")
    STREET = "street", _("Street or town")
    COMMUNITY = "community", _("Community or village")
    ESTATE = "estate", _("Estate")
    BUILDING = "building", _("Building")


CODED_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)
# A community may stand without a code until somebody says which it is; see place_default.
UNCODED_LEVELS = (Level.COMMUNITY, Level.ESTATE, Level.BUILDING)
NAME_LIMIT = 80
ROLE_LIMIT = 120
SOURCE_LIMIT = 200


class Place(models.Model):
    """One place of the tree; `path` lists the keys from the root down to its own, as "/1/4/9/"."""

    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    code = models.CharField(_("division code"), max_length=12, null=True, blank=True, unique=True)
    code_year = models.PositiveSmallIntegerField(_("year of the code"), null=True, blank=True)
    code_is_local = models.BooleanField(_("local code"), default=False)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    path = models.CharField(_("path"), max_length=255, unique=True)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    households_on_allowance = models.PositiveIntegerField(_("households on allowance"), null=True, blank=True)
    counted_on = models.DateField(_("counted on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=SOURCE_LIMIT, blank=True, default="")
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=ROLE_LIMIT, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [models.Index(fields=["level", "name"], name="places_level_name")]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="places_level_known"),
            models.CheckConstraint(
                condition=Q(code__isnull=True) | Q(code__regex=r"^[0-9]{12}$"),
                name="places_code_twelve_digits",
            ),
            models.CheckConstraint(
                condition=Q(code__isnull=True, level__in=UNCODED_LEVELS)
                | Q(code__isnull=False, level__in=CODED_LEVELS),
                name="places_code_by_level",
            ),
            models.CheckConstraint(
                condition=Q(code__isnull=True) | Q(code_year__isnull=False), name="places_code_has_year"
            ),
            models.CheckConstraint(
                condition=Q(households_on_allowance__isnull=True)
                | Q(households__isnull=False, households_on_allowance__lte=F("households")),
                name="places_allowance_within_households",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="places_point_on_earth",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(level__in=[Level.ESTATE, Level.BUILDING]),
                name="places_name_once_in_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CodeChange(models.Model):
    """A division code that a later yearly list replaced, so that the old one still finds its place."""

    old_code = models.CharField(_("old code"), max_length=12)
    new_code = models.CharField(_("new code"), max_length=12)
    year = models.PositiveSmallIntegerField(_("year of the change"))
    note = models.CharField(_("note"), max_length=SOURCE_LIMIT, blank=True, default="")

    class Meta:
        verbose_name = _("change of code")
        verbose_name_plural = _("changes of codes")
        constraints = [
            models.UniqueConstraint(fields=["old_code", "year"], name="places_code_changes_once_a_year"),
            models.CheckConstraint(condition=~Q(old_code=F("new_code")), name="places_code_change_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code} ({self.year})"
