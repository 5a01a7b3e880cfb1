"""Filing a request, joining a need with one tap, and taking words back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from yiting.ledger.services import NewEntry, entries_append, entry_append, opening_erase
from yiting.methods.photos import PhotoUnreadable, clean_photo
from yiting.needs import search
from yiting.needs.codes import fresh_code
from yiting.needs.errors import ImportedDifferently, NeedMissing, NotYours, PhotoRefused, TooManyPhotos
from yiting.needs.gates import lock_needs
from yiting.needs.models import Judgement, Need, Photo, ServiceRequest, Support
from yiting.needs.services.counting import recount
from yiting.needs.services.drafts import Draft, check_draft
from yiting.needs.services.indexing import forget_after_commit
from yiting.needs.services.suggesting import suggest_after_commit
from yiting.needs.timing import deadline
from yiting.people.actors import Actor
from yiting.people.models import Person

PHOTO_LIMIT = 4


@dataclass(frozen=True, slots=True)
class Filed:
    """A filed request, and whether it is new or was known already."""

    request: ServiceRequest
    is_new: bool


def request_file(*, by: Actor, draft: Draft, at: datetime) -> ServiceRequest:
    """File one request: a need of its own, or one more voice of the need it names. Idempotent by its key."""
    return requests_file(by=by, drafts=[draft], at=at)[0].request


@transaction.atomic
def requests_file(*, by: Actor, drafts: Sequence[Draft], at: datetime) -> list[Filed]:
    """File several requests at once; the same outcome as one by one, in a fixed number of statements.

    Locks the needs that are joined, in key order; raises the first refusal and then files none.
    """
    for draft in drafts:
        check_draft(draft, at=at)
    photos = [_clean_photos(draft) for draft in drafts]
    known = _already_filed(drafts)
    fresh = [i for i, draft in enumerate(drafts) if i not in known and not _repeats(drafts, i)]
    joined = lock_needs({need.pk for i in fresh if (need := drafts[i].need) is not None})
    needs = _open_needs([drafts[i] for i in fresh if drafts[i].need is None], at=at)
    opened = iter(needs)
    requests = []
    for i in fresh:
        target = drafts[i].need
        need = next(opened) if target is None else joined.get(target.pk)
        if need is None:
            raise NeedMissing
        requests.append(_as_request(drafts[i], need, by=by, at=at))
    ServiceRequest.objects.bulk_create(requests)
    Photo.objects.bulk_create(_photos_of(requests, [photos[i] for i in fresh], at=at))
    entries_append(
        [
            NewEntry(
                kind="needs.request.filed",
                obj=request,
                by=by,
                at=at,
                facts={
                    "need": request.need.code,
                    "channel": request.channel,
                    "place": request.place.name,
                    **({"activity": request.activity.code} if request.activity is not None else {}),
                },
                words={"text": request_words(request)},
            )
            for request in requests
        ]
    )
    search.index([(request.need_id, request_words(request)) for request in requests])
    recount([need.root_id or need.pk for need in joined.values()])
    suggest_after_commit([need.pk for need in needs])
    made = dict(zip(fresh, requests, strict=True))
    return [
        Filed(made[i], True) if i in made else Filed(_earlier(drafts, i, known, made), False)
        for i in range(len(drafts))
    ]


def request_words(request: ServiceRequest) -> str:
    """Return the words of a request as they are committed to and searched."""
    return f"{request.title}\n{request.text}"


@transaction.atomic
def support_add(*, by: Actor, need: Need, person: Person, channel: str = "web", at: datetime) -> Support:
    """Join a need: once a person, however often they tap; a withdrawn support stands again."""
    root = lock_needs([need.root_id or need.pk])[need.root_id or need.pk]
    support = Support.objects.filter(need__root=root, person=person).first()
    if support is not None and support.withdrawn_at is None:
        return support
    if support is None:
        support = Support(need=root, person=person, channel=channel, at=at)
    support.withdrawn_at = None
    support.save()
    entry_append(kind="needs.support.added", obj=root, by=by, at=at, facts={"channel": channel}, public=False)
    root.last_at = max(root.last_at, at)
    root.save(update_fields=["last_at"])
    recount([root.pk])
    return support


@transaction.atomic
def support_withdraw(*, by: Actor, need: Need, person: Person, at: datetime) -> None:
    """Take a 'me too' back; taking back what was never given changes nothing."""
    root = lock_needs([need.root_id or need.pk])[need.root_id or need.pk]
    changed = Support.objects.filter(need__root=root, person=person, withdrawn_at__isnull=True).update(withdrawn_at=at)
    if changed:
        entry_append(kind="needs.support.withdrawn", obj=root, by=by, at=at, public=False)
        recount([root.pk])


@transaction.atomic
def photo_publish(*, by: Actor, photo: Photo, public: bool, at: datetime) -> Photo:
    """Show a resident's photo on the need's public page, or take it off; none is public before staff say so."""
    held = Photo.objects.select_for_update(of=("self",)).select_related("request__need__root").get(pk=photo.pk)
    root = held.request.need.root or held.request.need
    if not by.works_at(root.place_path):
        raise NotYours
    if held.is_public != public:
        held.is_public = public
        held.save(update_fields=["is_public"])
        entry_append(kind="needs.photo.shown", obj=root, by=by, at=at, facts={"public": public}, public=False)
    return held


@transaction.atomic
def request_erase(*, by: Actor, request: ServiceRequest, at: datetime) -> None:
    """Erase the words and photos of a request. The voice still counts, and every proof still holds."""
    held = ServiceRequest.objects.select_for_update(of=("self",)).select_related("need").get(pk=request.pk)
    if by.person_id != held.person_id and not by.works_at(held.need.place_path):
        raise NotYours
    _forget(held, by=by, at=at)


@transaction.atomic
def requests_forget(*, by: Actor, person: Person, at: datetime) -> int:
    """Erase all that a person said, their photos and the words of their judgements; return how many requests.

    Part of erasing a person, where whoever may is checked.
    """
    held = ServiceRequest.objects.select_for_update(of=("self",)).select_related("need").filter(person=person)
    erased = [request for request in held.order_by("pk") if request.erased_at is None]
    for request in erased:
        _forget(request, by=by, at=at)
    Judgement.objects.filter(person=person).update(word="")
    return len(erased)


def _forget(held: ServiceRequest, *, by: Actor, at: datetime) -> None:
    if held.erased_at is not None:
        return
    opening_erase(obj=held, by=by, at=at)
    for photo in held.photos.all():
        transaction.on_commit(partial(photo.file.storage.delete, str(photo.file.name)))
        photo.delete()
    title, quoted = held.title, held.text[:200]
    held.title, held.text, held.digest, held.erased_at = "", "", "", at
    held.latitude = held.longitude = held.given_point = None
    held.save()
    Need.objects.filter(pk=held.need_id, quote=quoted).update(quote="")
    Need.objects.filter(pk=held.need_id, title=title).update(title=_("Words taken back"))
    search.reindex(held.need_id)
    forget_after_commit([held.pk])


def _clean_photos(draft: Draft) -> list[tuple[bytes, int, int]]:
    if len(draft.photos) > PHOTO_LIMIT:
        raise TooManyPhotos(limit=PHOTO_LIMIT)
    cleaned = []
    for name, data in draft.photos:
        try:
            photo = clean_photo(data)
        except PhotoUnreadable as refusal:
            raise PhotoRefused(name=name) from refusal
        cleaned.append((photo.data, photo.width, photo.height))
    return cleaned


def _already_filed(drafts: Sequence[Draft]) -> dict[int, ServiceRequest]:
    """Return what the drafts' idempotency keys and external numbers already stand for, by position."""
    keys = [draft.idempotency_key for draft in drafts if draft.idempotency_key]
    by_key = {r.idempotency_key: r for r in ServiceRequest.objects.filter(idempotency_key__in=keys)} if keys else {}
    numbers = [draft.external_id for draft in drafts if draft.external_id]
    sources = {draft.source for draft in drafts if draft.external_id}
    stored = ServiceRequest.objects.filter(source__in=sources, external_id__in=numbers) if numbers else ()
    by_number = {(r.source, r.external_id): r for r in stored}
    known: dict[int, ServiceRequest] = {}
    for i, draft in enumerate(drafts):
        if draft.idempotency_key and draft.idempotency_key in by_key:
            known[i] = by_key[draft.idempotency_key]
        elif draft.external_id and (draft.source, draft.external_id) in by_number:
            request = by_number[draft.source, draft.external_id]
            if request.digest and request.digest != draft.digest():
                raise ImportedDifferently(external_id=draft.external_id)
            known[i] = request
    return known


def _repeats(drafts: Sequence[Draft], i: int) -> bool:
    """Say whether a draft repeats the external number of one before it in the same batch."""
    number = (drafts[i].source, drafts[i].external_id)
    if not number[1]:
        return False
    for earlier in drafts[:i]:
        if (earlier.source, earlier.external_id) == number:
            if earlier.digest() != drafts[i].digest():
                raise ImportedDifferently(external_id=number[1])
            return True
    return False


def _earlier(
    drafts: Sequence[Draft], i: int, known: dict[int, ServiceRequest], made: dict[int, ServiceRequest]
) -> ServiceRequest:
    if i in known:
        return known[i]
    number = (drafts[i].source, drafts[i].external_id)
    return next(made[j] for j in range(i) if j in made and (drafts[j].source, drafts[j].external_id) == number)


def _open_needs(drafts: Sequence[Draft], *, at: datetime) -> list[Need]:
    needs = []
    for draft in drafts:
        title, text = draft.words()
        said_at = draft.filed_at or at
        needs.append(
            Need(
                code=fresh_code(8),
                title=title,
                quote=text[:200],
                place=draft.place,
                place_path=draft.place.path,
                category=draft.category,
                people_count=1,
                household_count=1,
                request_count=1,
                first_at=said_at,
                last_at=said_at,
                started_at=at,
                due_at=deadline(draft.category, "normal", started_at=at, zone=draft.place.zone),
            )
        )
    Need.objects.bulk_create(needs)
    for need in needs:
        need.root_id = need.pk
    Need.objects.bulk_update(needs, ["root"])
    return needs


def _as_request(draft: Draft, need: Need, *, by: Actor, at: datetime) -> ServiceRequest:
    title, text = draft.words()
    return ServiceRequest(
        code=fresh_code(12),
        need=need,
        person=draft.person,
        place=draft.place,
        activity=draft.activity,
        category=draft.category,
        title=title,
        text=text,
        channel=draft.channel,
        behalf=draft.behalf,
        consent=draft.consent.strip(),
        latitude=draft.latitude,
        longitude=draft.longitude,
        given_point=draft.given_point,
        supports_reported=draft.supports,
        objections_reported=draft.objections,
        source=draft.source,
        external_id=draft.external_id,
        digest=draft.digest() if draft.external_id else "",
        idempotency_key=draft.idempotency_key or None,
        role_label=by.role_label,
        filed_at=draft.filed_at or at,
        recorded_at=at,
    )


def _photos_of(
    requests: Sequence[ServiceRequest], photos: Sequence[list[tuple[bytes, int, int]]], *, at: datetime
) -> list[Photo]:
    rows = []
    for request, cleaned in zip(requests, photos, strict=True):
        for data, width, height in cleaned:
            photo = Photo(request=request, width=width, height=height, at=at)
            photo.file.save(f"{fresh_code(16)}.jpg", ContentFile(data), save=False)
            rows.append(photo)
    return rows
