"""Tables of the ledger: entries, finished nodes of their tree, what opens a commitment, the signed head."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ROLE_LIMIT = 200


class Entry(models.Model):
    """One change of state; `index` is its leaf in the tree, `leaf` the hash of its canonical bytes."""

    index = models.BigIntegerField(_("number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=80)
    object_type = models.CharField(_("type of object"), max_length=80)
    object_id = models.CharField(_("object"), max_length=80)
    at = models.DateTimeField(_("time"))
    role = models.CharField(_("role"), max_length=ROLE_LIMIT, blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    commitment = models.CharField(_("commitment"), max_length=64)
    leaf = models.CharField(_("leaf hash"), max_length=64)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [models.Index(fields=["object_type", "object_id", "index"], name="ledger_entry_of_object")]
        constraints = [models.CheckConstraint(condition=Q(index__gte=0), name="ledger_entry_counted_from_zero")]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class Node(models.Model):
    """The hash over a complete subtree: leaves index·2^level up to (index+1)·2^level."""

    level = models.PositiveSmallIntegerField(_("level"))
    index = models.BigIntegerField(_("number in the level"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("node")
        verbose_name_plural = _("nodes")
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="ledger_node_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Opening(models.Model):
    """What opens an entry's commitment: the salt, the facts, and the salted digests of its words.

    Facts and words are kept as the very canonical JSON texts that were committed to, so that no database can
    write them differently. Erasing empties all three and points at the entry that tells of the erasure.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="opening", verbose_name=_("entry")
    )
    salt = models.CharField(_("salt"), max_length=64, blank=True)
    facts = models.TextField(_("facts"), blank=True)
    words = models.TextField(_("digests of words"), blank=True)
    erased_in = models.BigIntegerField(_("erased in entry"), null=True, blank=True)

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        indexes = [
            models.Index(fields=["erased_in"], name="ledger_opening_erased", condition=Q(erased_in__isnull=False))
        ]

    def __str__(self) -> str:
        return str(self.entry_id)


class Head(models.Model):
    """The one row that says how large the ledger is; appending locks it, so entries stand in one line."""

    ONLY = 1

    size = models.BigIntegerField(_("size"), default=0)
    root = models.CharField(_("root hash"), max_length=64)
    note = models.TextField(_("signed checkpoint"), blank=True)

    class Meta:
        verbose_name = _("head")
        verbose_name_plural = _("heads")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="ledger_head_is_one"),
            models.CheckConstraint(condition=Q(size__gte=0), name="ledger_head_size_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"
