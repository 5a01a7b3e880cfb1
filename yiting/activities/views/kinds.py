"""The kinds of activities, for administrators: add one, give one another name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiting.activities.errors import ActivitiesRefused
from yiting.activities.forms import KindForm
from yiting.activities.queries.board import list_kinds
from yiting.activities.services import kind_add, kind_rename
from yiting.activities.views.bench import list_context
from yiting.activities.views.visitors import actor_of
from yiting.places.access import admin
from yiting.places.clock import now


@admin
@require_http_methods(["GET", "HEAD", "POST"])
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind in use with a box for its name, and an empty one for a new kind."""
    found = list_kinds()
    refusal: ActivitiesRefused | None = None
    status = 200
    if request.method == "POST":
        form = KindForm(request.POST)
        status = 422
        if form.is_valid():
            kind = next((one for one in found if one.code == form.cleaned_data["code"]), None)
            try:
                if kind is None:
                    kind_add(by=actor_of(request), name=form.cleaned_data["name"], at=now())
                else:
                    kind_rename(by=actor_of(request), kind=kind, name=form.cleaned_data["name"], at=now())
            except ActivitiesRefused as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("Kept."))
                return redirect("activities:kinds")
    context = {**list_context(request), "kinds": found, "refusal": refusal, "naming": True}
    return render(request, "activities/kinds.html", context, status=status)
