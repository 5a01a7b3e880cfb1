"""Paper on the workbench: the poster, voting sheets to print, and entering them twice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiting.deliberation.errors import SheetMissing
from yiting.deliberation.forms import FindSheetForm, MarksForm, PrintForm
from yiting.deliberation.models import Sheet
from yiting.deliberation.paper import poster_pdf, sheets_pdf
from yiting.deliberation.queries.bench import (
    count_sheets,
    get_bench_topic,
    get_sheet,
    get_sheet_page,
    list_unfinished,
)
from yiting.deliberation.queries.topics import list_statements
from yiting.deliberation.services import sheet_enter, sheets_print
from yiting.deliberation.views.bench import list_context
from yiting.deliberation.views.visitors import actor_of, web_address
from yiting.places.access import staff
from yiting.places.clock import now
from yiting.places.doing import post_or_look
from yiting.places.errors import Refused
from yiting.places.printing import require_printer


@staff
@require_safe
def sheets(request: HttpRequest, code: str) -> HttpResponse:
    """Print sheets, and open one by its number to enter it."""
    return _sheets(request, code)


@staff
@post_or_look
def print_(request: HttpRequest, code: str) -> HttpResponse:
    """Make sheets with numbers of their own, as one PDF."""
    by = actor_of(request)
    found = get_bench_topic(code, by)
    form = PrintForm(request.POST)
    if request.method != "POST":
        return redirect("deliberation:sheets", found.code)
    if not form.is_valid():
        return _sheets(request, code, print_form=form, status=422)
    try:
        require_printer()
        made = sheets_print(by=by, topic=found, number=form.cleaned_data["number"], at=now())
        texts = {one.number: one.text for one in list_statements(found)}
        pdf = sheets_pdf(found, made, texts=texts, address=_address(request, found.code))
    except Refused as refused:
        return _sheets(request, code, refusal=refused, status=refused.status)
    return _download(pdf, f"{found.code}-sheets.pdf")


@staff
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster with the code that leads to the topic."""
    found = get_bench_topic(code, actor_of(request))
    try:
        pdf = poster_pdf(found, address=_address(request, found.code))
    except Refused as refused:
        return _sheets(request, code, refusal=refused, status=refused.status)
    return _download(pdf, f"{found.code}-poster.pdf")


@staff
@post_or_look
def find(request: HttpRequest, code: str) -> HttpResponse:
    """From the number in the corner to the sheet."""
    found = get_bench_topic(code, actor_of(request))
    if request.method != "POST":
        return redirect("deliberation:sheets", found.code)
    form = FindSheetForm(request.POST)
    if not form.is_valid():
        return _sheets(request, code, find_form=form, status=422)
    try:
        sheet = get_sheet(found, form.cleaned_data["serial"])
    except SheetMissing as refused:
        return _sheets(request, code, refusal=refused, status=refused.status)
    return redirect("deliberation:sheet", found.code, sheet.serial)


@staff
@post_or_look
def sheet(request: HttpRequest, code: str, serial: str) -> HttpResponse:
    """Enter a sheet. The second time nothing of the first is told, so that each entry is read from the paper.

    From the third time on only the lines are asked for that no two entries read alike.
    """
    by = actor_of(request)
    found = get_bench_topic(code, by)
    page = get_sheet_page(found, serial, by)
    lines = [(line.number, line.text) for line in page.lines if not line.settled]
    refusal: Refused | None = None
    status = 200
    form = MarksForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                marks = [line.mark if line.settled else form.mark(line.number) for line in page.lines]
                done = sheet_enter(by=by, sheet=page.sheet, marks=marks, at=now())
            except Refused as refused:
                refusal, status = refused, refused.status
            else:
                return _entered(request, done)
    context = {**list_context(request), "topic": found, "sheet_page": page, "form": form, "refusal": refusal}
    return render(request, "deliberation/sheet.html", context, status=status)


def _entered(request: HttpRequest, done: Sheet) -> HttpResponse:
    if done.state == Sheet.State.COUNTED:
        messages.success(request, _("Both entries say the same. The sheet is counted."))
        return redirect("deliberation:sheets", done.topic.code)
    if done.state == Sheet.State.ENTERED:
        messages.success(request, _("Entered once. Somebody else has to enter it too."))
        return redirect("deliberation:sheets", done.topic.code)
    messages.warning(request, _("The entries differ. Look at these lines on the paper once more."))
    return redirect("deliberation:sheet", done.topic.code, done.serial)


def _sheets(
    request: HttpRequest,
    code: str,
    *,
    print_form: PrintForm | None = None,
    find_form: FindSheetForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    found = get_bench_topic(code, actor_of(request))
    context = {
        **list_context(request),
        "topic": found,
        "counts": count_sheets(found),
        "unfinished": list_unfinished(found),
        "print_form": print_form or PrintForm(),
        "find_form": find_form or FindSheetForm(),
        "refusal": refusal,
    }
    return render(request, "deliberation/sheets.html", context, status=status)


def _address(request: HttpRequest, code: str) -> str:
    return web_address(request, reverse("deliberation:topic", args=[code]))


def _download(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
