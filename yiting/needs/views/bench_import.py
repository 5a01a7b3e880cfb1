"""Reading a spreadsheet in from the workbench."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_http_methods

from yiting.needs.errors import NotYours
from yiting.needs.forms_bench import ImportForm
from yiting.needs.models import ImportRun
from yiting.needs.queries.bench import list_import_runs, list_work_places
from yiting.needs.services import import_file
from yiting.needs.spreadsheets import SheetRefused, mapping_read
from yiting.needs.views.bench import actor_of, nav_context
from yiting.people.actors import Actor
from yiting.places.access import staff
from yiting.places.clock import now

NAME_KEPT = 80
UNREADABLE = 422


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def import_sheet(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet; show what went in, what was known, and each bad row with its reason."""
    by = actor_of(request)
    places = list_work_places(by)
    if not places:
        raise NotYours
    sent = request.method == "POST"
    form = ImportForm(places, request.POST, request.FILES) if sent else ImportForm(places)
    run = _read_in(form, by=by) if sent and form.is_valid() else None
    status = UNREADABLE if sent and run is None else 200
    context = {"form": form, "run": run, "runs": list_import_runs(by)} | nav_context(by)
    return render(request, "needs/bench/import.html", context, status=status)


def _read_in(form: ImportForm, *, by: Actor) -> ImportRun | None:
    """Read the form's file in; a file that cannot be taken is told beside the field that it came by."""
    data: dict[str, Any] = form.cleaned_data
    field = "mapping"
    try:
        with tempfile.TemporaryDirectory() as folder:
            columns = mapping_read(_kept(data["mapping"], Path(folder) / "columns")) if data["mapping"] else None
            field = "file"
            path = _kept(data["file"], Path(folder) / "rows")
            name = str(data["file"].name)
            return import_file(by=by, path=path, name=name, place=data["place"], mapping=columns, at=now())
    except SheetRefused as refusal:
        form.add_error(field, str(refusal.message))
        return None


def _kept(upload: UploadedFile[bytes], folder: Path) -> Path:
    """Write an upload into a new folder under its own name, which refusals quote."""
    folder.mkdir()
    try:
        name = get_valid_filename(str(upload.name))[-NAME_KEPT:]
    except SuspiciousFileOperation:
        name = "sheet"
    path = folder / name
    with path.open("wb") as file:
        for block in upload.chunks():
            file.write(block)
    return path
