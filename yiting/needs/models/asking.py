"""What a resident said, who joined in, and the files it came with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.needs.models.need import Category, Need


class ServiceRequest(models.Model):
    """One thing said once by one voice. It is never rewritten; its receipt code lets its holder follow it."""

    class Channel(models.TextChoices):
        WEB = "web", _("Web page")
        PHONE = "phone", _("Telephone")
        PAPER = "paper", _("Paper")
        DOOR = "door", _("At the door")
        SHEET = "sheet", _("Spreadsheet")
        OPEN311 = "open311", _("Open311")

    class Behalf(models.TextChoices):
        SELF = "self", _("Said it themselves")
        NEIGHBOUR = "neighbour", _("A neighbour spoke for them")
        FAMILY = "family", _("A family member spoke for them")
        WORKER = "worker", _("A community worker wrote it down")

    code = models.CharField(max_length=16, unique=True)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="requests")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    # Where it was asked, if that was at an activity: an outreach day, a talk, a visit.
    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    behalf = models.CharField(max_length=10, choices=Behalf.choices, default=Behalf.SELF)
    consent = models.CharField(max_length=120, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    given_point = models.JSONField(null=True, blank=True)
    supports_reported = models.PositiveIntegerField(default=0)
    objections_reported = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=80, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    idempotency_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    role_label = models.CharField(max_length=120)
    filed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="request_external_id_once",
            ),
            models.CheckConstraint(condition=Q(behalf="self") | ~Q(consent=""), name="request_on_behalf_has_consent"),
        ]
        indexes = [
            models.Index(fields=["need", "filed_at", "id"], name="request_by_need"),
            models.Index(fields=["-filed_at", "-id"], name="request_by_filed"),
            models.Index(fields=["person"], name="request_by_person"),
        ]


class Support(models.Model):
    """A 'me too': one person joins a need with one tap, once."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="supports")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=ServiceRequest.Channel.choices)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "person"], name="support_once_a_person")]


class Photo(models.Model):
    """A photo that came with a request, re-encoded so that nothing but the picture is left."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="needs/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    is_public = models.BooleanField(default=False)
    at = models.DateTimeField()


class ImportRun(models.Model):
    """One reading of a spreadsheet: how far it came, what went in and what did not, and why."""

    source = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    role_label = models.CharField(max_length=120)
    last_row = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    bad = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "place"], name="import_run_once_a_file_and_place")]
