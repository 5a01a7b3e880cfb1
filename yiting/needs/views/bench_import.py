"""Reading a spreadsheet in from the workbench."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiting.needs.errors import NotYours
from yiting.needs.forms_bench import ImportForm
from yiting.needs.services import import_file
from yiting.needs.spreadsheets import SheetRefused, mapping_read
from yiting.needs.views.bench import actor_of
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.models import Place


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def import_sheet(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet; show what went in, what was known, and each bad row with its reason."""
    by = actor_of(request)
    places = list(Place.objects.filter(path__in=by.work_paths).order_by("path"))
    if not places:
        raise NotYours
    form = ImportForm(request.POST or None, request.FILES or None)
    context = {"form": form, "places": places, "chosen": places[0]}
    if request.method == "POST" and form.is_valid():
        place = next((one for one in places if str(one.pk) == request.POST.get("place")), places[0])
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = _kept(form.cleaned_data["file"], Path(folder) / "sheet")
                mapping = form.cleaned_data["mapping"]
                columns = mapping_read(_kept(mapping, Path(folder) / "mapping")) if mapping else None
                name = str(form.cleaned_data["file"].name)
                context["run"] = import_file(by=by, path=path, name=name, place=place, mapping=columns, at=now())
        except SheetRefused as refusal:
            form.add_error("file", str(refusal.message))
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "needs/bench/import.html", context, status=status)


def _kept(upload: UploadedFile, stem: Path) -> Path:
    path = stem.with_suffix(Path(str(upload.name)).suffix[:10])
    with path.open("wb") as file:
        for block in upload.chunks():
            file.write(block)
    return path
