"""Papers to read and photos of the day."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from yiting.activities.codes import fresh_code
from yiting.activities.errors import CaptionMissing, MaterialUnfit, PhotoRefused, TitleMissing
from yiting.activities.models import Activity, ActivityPhoto, Material
from yiting.activities.services.papers import FILE_KINDS, FILE_LIMIT, paper_drop, paper_fits, paper_keep
from yiting.activities.services.planning import take_activity
from yiting.ledger.services import entry_append
from yiting.methods.photos import PhotoUnreadable, clean_photo
from yiting.people.actors import Actor

TITLE_LIMIT = 120


@transaction.atomic
def activity_photo_add(
    *, by: Actor, activity: Activity, name: str, data: bytes, caption: str, at: datetime
) -> ActivityPhoto:
    """Add a photo with its words; it is re-encoded, so that nothing but the picture is kept."""
    held = take_activity(by=by, activity=activity)
    if not caption.strip():
        raise CaptionMissing
    try:
        clean = clean_photo(data)
    except PhotoUnreadable as refusal:
        raise PhotoRefused(name=name[:80]) from refusal
    photo = ActivityPhoto(
        activity=held, width=clean.width, height=clean.height, caption=caption.strip()[:TITLE_LIMIT], at=at
    )
    photo.file.save(f"{fresh_code(16)}.jpg", ContentFile(clean.data), save=False)
    photo.save()
    return photo


@transaction.atomic
def material_add(
    *,
    by: Actor,
    activity: Activity,
    title: str,
    link: str = "",
    file: tuple[str, bytes] | None = None,
    at: datetime,
) -> Material:
    """Add something to read: a link or a file, not both."""
    held = take_activity(by=by, activity=activity)
    title, link = title.strip(), link.strip()
    if not title or len(title) > TITLE_LIMIT:
        raise TitleMissing(limit=TITLE_LIMIT)
    if not paper_fits(link=link, file=file):
        raise MaterialUnfit(kinds=", ".join(FILE_KINDS), limit=FILE_LIMIT // 1024 // 1024)
    material = Material(activity=held, title=title, link=link, at=at)
    if file is not None:
        paper_keep(material, file)
    material.save()
    entry_append(kind="activities.material.added", obj=held, by=by, at=at, facts={"title": title})
    return material


@transaction.atomic
def material_remove(*, by: Actor, material: Material, at: datetime) -> None:
    """Take something to read away again, with its file."""
    held = take_activity(by=by, activity=material.activity)
    paper_drop(material)
    material.delete()
    entry_append(kind="activities.material.removed", obj=held, by=by, at=at, facts={"title": material.title})
