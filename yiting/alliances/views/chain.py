"""The chain as a picture and a table, what is missing in it, the way between two units, and its relations."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiting.alliances.chain_svg import draw_chain
from yiting.alliances.errors import PoolingRefused
from yiting.alliances.forms_pooling import PathForm, RelationForm
from yiting.alliances.queries.chain import get_chain_page, get_relation, list_chain_units
from yiting.alliances.services import relation_add, relation_end
from yiting.alliances.views.pooling.asking import actor_of, alliance_of
from yiting.people.queries import local_day
from yiting.places.access import public, staff
from yiting.places.clock import now
from yiting.places.errors import Refused


@public
@require_safe
def chain(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Who supplies whom: of an alliance's members with those they deal with, or of everybody."""
    by, alliance = actor_of(request), alliance_of(request, slug)
    form = PathForm(request.GET)
    between = (form.cleaned_data["a"], form.cleaned_data["b"]) if form.is_valid() else None
    page = get_chain_page(alliance, by=by, day=local_day(now()), between=between)
    marked = frozenset(
        (step.from_id, step.to_id) if step.is_forward else (step.to_id, step.from_id) for step in page.path or ()
    )
    context = {
        "chain": page,
        "alliance": alliance,
        "between": between,
        "picture": draw_chain(page.drawing, page.names, marked=marked) if page.drawing.nodes else "",
        "may_add": bool(by.handling_ids),
    }
    return render(request, "alliances/chain.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def relation_new(request: HttpRequest) -> HttpResponse:
    """Put a relation on record, for a unit of mine and another."""
    by = actor_of(request)
    form = RelationForm(request.POST if request.method == "POST" else None, units=list_chain_units(by))
    refusal: Refused | None = None
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            relation_add(by=by, at=now(), **form.cleaned_data)
        except PoolingRefused as refused:
            refusal, status = refused, refused.status
        else:
            messages.success(request, _("The relation is on record."))
            return redirect("alliances:chain")
    context = {
        "form": form,
        "refusal": refusal,
        "title": _("Put a relation on record"),
        "action": _("Put it on record"),
        "note": _("One of the two is your unit. Everybody can read it, with who says so."),
    }
    return render(request, "alliances/pool_form.html", context, status=status)


@staff
@require_POST
def relation_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a relation of a unit of mine, from today."""
    by = actor_of(request)
    relation_end(by=by, relation=get_relation(pk, by), at=now())
    messages.success(request, _("The relation has ended; it stays on record."))
    return redirect("alliances:chain")
