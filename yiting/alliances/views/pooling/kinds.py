"""An office's own names for what is pooled: the pools and kinds, renamed, added, taken out of the lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiting.alliances.forms_pooling import KindForm, NameForm
from yiting.alliances.queries.pooling import get_kind, get_pool, list_every_kind, list_pools
from yiting.alliances.services import pool_rename, resource_kind_add, resource_kind_change, usual_kinds_add
from yiting.alliances.views.pooling.asking import actor_of
from yiting.places.access import admin
from yiting.places.clock import now


@admin
@require_http_methods(["GET", "HEAD", "POST"])
def kinds(request: HttpRequest) -> HttpResponse:
    """All pools and kinds, and a form for a new kind."""
    pools = list_pools()
    form = KindForm(request.POST if request.method == "POST" else None, pools=pools)
    if request.method == "POST" and form.is_valid():
        resource_kind_add(by=actor_of(request), at=now(), **form.cleaned_data)
        messages.success(request, _("The kind is on the list."))
        return redirect("alliances:kinds")
    context = {"pools": pools, "kinds": list_every_kind(), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "alliances/pool_kinds.html", context, status=status)


@admin
@require_POST
def usual(request: HttpRequest) -> HttpResponse:
    """Set up the usual pools and kinds; what is there keeps its name."""
    usual_kinds_add(by=actor_of(request), at=now())
    messages.success(request, _("The usual kinds are on the list."))
    return redirect("alliances:kinds")


@admin
@require_POST
def pool_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a pool as the office calls it."""
    form = NameForm(request.POST)
    if form.is_valid():
        pool_rename(by=actor_of(request), pool=get_pool(pk), name=form.cleaned_data["name"], at=now())
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Give it a name of at most %(limit)s characters.") % {"limit": 40})
    return redirect("alliances:kinds")


@admin
@require_POST
def kind_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a kind, or take it out of the lists."""
    form = NameForm(request.POST)
    if form.is_valid():
        resource_kind_change(by=actor_of(request), kind=get_kind(pk), at=now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Give it a name of at most %(limit)s characters.") % {"limit": 40})
    return redirect("alliances:kinds")
