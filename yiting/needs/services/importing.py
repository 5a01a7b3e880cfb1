"""Reading a spreadsheet in: the good rows go in, the bad ones are named, a killed run goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from yiting.ledger.services import entry_append
from yiting.needs.errors import ImportedDifferently
from yiting.needs.gates import require_work
from yiting.needs.models import Category, ImportRun, Need, Reply, ServiceRequest, State
from yiting.needs.services.asking import Filed, requests_file
from yiting.needs.services.categories import SEPARATOR
from yiting.needs.services.drafts import Draft
from yiting.needs.spreadsheets import ParsedRow, open_table, parse_row
from yiting.people.actors import Actor
from yiting.people.errors import PeopleRefused
from yiting.people.services import Identity, persons_identify
from yiting.places.errors import Refused
from yiting.places.models import Place

CHUNK = 200
BAD_KEPT = 1_000
Progress = Callable[[int, int | None], None]
CHANNELS = {
    "电话": ServiceRequest.Channel.PHONE,
    "来电": ServiceRequest.Channel.PHONE,
    "phone": ServiceRequest.Channel.PHONE,
    "入户": ServiceRequest.Channel.DOOR,
    "door": ServiceRequest.Channel.DOOR,
    "纸条": ServiceRequest.Channel.PAPER,
    "信件": ServiceRequest.Channel.PAPER,
    "paper": ServiceRequest.Channel.PAPER,
    "手机网页": ServiceRequest.Channel.WEB,
    "web": ServiceRequest.Channel.WEB,
}


def import_file(
    *,
    by: Actor,
    path: Path,
    name: str,
    place: Place,
    mapping: Mapping[str, str] | None = None,
    at: datetime,
    progress: Progress | None = None,
) -> ImportRun:
    """Read a spreadsheet in, a chunk of rows a transaction; the run remembers the last row that went in.

    The same file for the same place goes on where it stopped, and once finished adds nothing; rows are known
    again by their number (留言编号) or, without one, by their content. Raises SheetRefused for a file that
    cannot be read at all, and NotYours.
    """
    require_work(by, place.path)
    digest = _file_digest(path, mapping)
    source = f"sheet:{place.pk}"
    with open_table(path, mapping=mapping) as table:
        run, _created = ImportRun.objects.get_or_create(
            digest=digest,
            place=place,
            defaults={
                "source": source,
                "name": name[:200],
                "role_label": by.role_label,
                "started_at": at,
                "total": table.row_count,
            },
        )
        if run.finished_at is not None:
            return _known_again(run)
        reader = _Reader(by, place, source, at)
        chunk: list[tuple[int, ParsedRow]] = []
        done = 0
        for row in table.rows(after=run.last_row):
            parsed = parse_row(row, zone=ZoneInfo(place.zone), now=at)
            if isinstance(parsed, ParsedRow):
                chunk.append((row.number, parsed))
            else:
                for problem in parsed:
                    _note_bad(run, row.number, problem.column, str(problem.reason))
            if len(chunk) == CHUNK:
                reader.store(run, chunk)
                chunk = []
            done = row.number
            if progress is not None:
                progress(row.number - table.header_row, table.row_count)
        reader.store(run, chunk)
    with transaction.atomic():
        run.last_row, run.finished_at = max(done, run.last_row), at
        run.save()
        facts = {"name": run.name, "added": run.added, "known": run.known, "bad": len(run.bad)}
        entry_append(kind="needs.import.finished", obj=run, by=by, at=at, facts=facts, public=False)
    return run


class _Reader:
    """Stores parsed rows of one run; holds what is looked up once: the places below and the category tree."""

    def __init__(self, by: Actor, place: Place, source: str, at: datetime) -> None:
        self.by, self.place, self.source, self.at = by, place, source, at
        self.below = {
            found.name: found for found in Place.objects.filter(path__startswith=place.path).order_by("-path")
        }
        self.estates = {
            (found.parent_id, found.name): found for found in self.below.values() if found.parent_id is not None
        }
        self.categories = {category.full_name: category for category in Category.objects.filter(active=True)}

    def store(self, run: ImportRun, rows: Sequence[tuple[int, ParsedRow]]) -> None:
        """File a chunk of rows and remember how far it came, in one transaction; a refused row is set aside."""
        if not rows:
            return
        with transaction.atomic():
            filed = self._file(run, rows)
            self._answers(rows, filed)
            run.last_row = rows[-1][0]
            run.added += sum(one.is_new for one in filed.values())
            run.known += sum(not one.is_new for one in filed.values())
            run.save()

    def _file(self, run: ImportRun, rows: Sequence[tuple[int, ParsedRow]]) -> dict[int, Filed]:
        try:
            with transaction.atomic():
                return dict(enumerate(self._file_all([row for _number, row in rows])))
        except Refused:
            # One row of the chunk is refused: file them one by one, so that only that one stays out.
            filed = {}
            for i, (number, row) in enumerate(rows):
                try:
                    with transaction.atomic():
                        filed[i] = self._file_all([row])[0]
                except Refused as refusal:
                    _note_bad(run, number, _refused_column(refusal), str(refusal))
            return filed

    def _file_all(self, rows: Sequence[ParsedRow]) -> list[Filed]:
        return requests_file(by=self.by, drafts=self._drafts(rows), at=self.at)

    def _drafts(self, rows: Sequence[ParsedRow]) -> list[Draft]:
        people = persons_identify(
            by=self.by,
            rows=[
                Identity(
                    source=self.source,
                    key=row.user or f"row:{_row_id(row)}",
                    phone=row.phone or None,
                    name=row.name or None,
                    consent_how=_("given to the office with the message") if row.phone or row.name else "",
                )
                for row in rows
            ],
            at=self.at,
        )
        return [
            Draft(
                place=self._place_of(row),
                person=person,
                title=row.title,
                text=row.text,
                channel=CHANNELS.get(row.channel.lower(), ServiceRequest.Channel.SHEET),
                category=self._category_of(row),
                filed_at=row.filed_at,
                source=self.source,
                external_id=_row_id(row),
                supports=row.supports,
                objections=row.objections,
            )
            for row, person in zip(rows, people, strict=True)
        ]

    def _place_of(self, row: ParsedRow) -> Place:
        estate = self.below.get(row.estate) or self.below.get(row.place) or self.place
        return self.estates.get((estate.pk, row.building), estate)

    def _category_of(self, row: ParsedRow) -> Category | None:
        names = [name for name in (row.category, row.category2, row.category3) if name]
        while names:
            found = self.categories.get(SEPARATOR.join(names))
            if found is not None:
                return found
            names.pop()
        return None

    def _answers(self, rows: Sequence[tuple[int, ParsedRow]], filed: Mapping[int, Filed]) -> None:
        """Answers that came with the sheet are kept as what they are: given before, by the office named there."""
        answered = [(one.request, rows[i][1]) for i, one in filed.items() if one.is_new and rows[i][1].reply]
        replies = Reply.objects.bulk_create(
            Reply(
                need_id=request.need_id,
                role_label=self.by.role_label,
                text=row.reply,
                is_final=True,
                at=row.replied_at or self.at,
            )
            for request, row in answered
        )
        needs = [request.need for request, _row in answered]
        for need, reply in zip(needs, replies, strict=True):
            need.state, need.answered_at, need.closed_at, need.due_at = State.CLOSED, reply.at, reply.at, None
            need.is_public = True
        Need.objects.bulk_update(needs, ["state", "answered_at", "closed_at", "due_at", "is_public"])


def _row_id(row: ParsedRow) -> str:
    """Return the row's own number, or a fingerprint of who said what and when where there is none."""
    if row.external_id:
        return row.external_id[:80]
    said = "\n".join((row.user, str(row.filed_at), row.title, row.text))
    return f"#{sha256(said.encode()).hexdigest()[:32]}"


def _refused_column(refusal: Refused) -> str:
    if isinstance(refusal, ImportedDifferently):
        return _("number")
    return _("phone") if isinstance(refusal, PeopleRefused) else _("text")


def _note_bad(run: ImportRun, row: int, column: str, reason: str) -> None:
    if len(run.bad) < BAD_KEPT and not any(bad["row"] == row and bad["column"] == column for bad in run.bad):
        run.bad.append({"row": row, "column": column, "reason": reason})


def _known_again(run: ImportRun) -> ImportRun:
    """What a second reading of a finished file reports: nothing added, all known."""
    run.known, run.added = run.known + run.added, 0
    return run


def _file_digest(path: Path, mapping: Mapping[str, str] | None) -> str:
    digest = sha256(repr(sorted((mapping or {}).items())).encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
