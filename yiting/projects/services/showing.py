"""Photos of a project: before, under way, after."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from yiting.methods.photos import PhotoUnreadable, clean_photo
from yiting.needs.queries import fresh_code
from yiting.people.actors import Actor
from yiting.projects.errors import CaptionMissing, PhotoRefused
from yiting.projects.models import FieldVisit, Milestone, Project, ProjectPhoto
from yiting.projects.services.planning import take_project


@transaction.atomic
def project_photo_add(
    *,
    by: Actor,
    project: Project,
    kind: str,
    name: str,
    data: bytes,
    caption: str,
    milestone: Milestone | None = None,
    visit: FieldVisit | None = None,
    at: datetime,
) -> ProjectPhoto:
    """Add a photo with its words; it is re-encoded, so that nothing but the picture is kept."""
    held = take_project(by=by, project=project)
    if not caption.strip():
        raise CaptionMissing
    try:
        clean = clean_photo(data)
    except PhotoUnreadable as refusal:
        raise PhotoRefused(name=name) from refusal
    photo = ProjectPhoto(
        project=held,
        milestone=milestone,
        visit=visit,
        kind=kind,
        width=clean.width,
        height=clean.height,
        caption=caption.strip()[:120],
        at=at,
    )
    photo.file.save(f"{fresh_code(16)}.jpg", ContentFile(clean.data), save=False)
    photo.save()
    return photo
