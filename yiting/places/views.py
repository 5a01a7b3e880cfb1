"""Pages of places: choosing one when saying something, and keeping the tree of an office's own area."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiting.places import access, clock, queries, services
from yiting.places.errors import PlaceError, PlaceMissing
from yiting.places.forms import CountForm, PlaceForm
from yiting.places.models import Level, Place

_BELOW = {Level.COMMUNITY: [Level.ESTATE, Level.BUILDING], Level.ESTATE: [Level.BUILDING]}


@access.public
@require_GET
def pick(request: HttpRequest) -> HttpResponse:
    """Offer communities, their estates and buildings: a fragment for the form that asks, or a page."""
    chosen = queries.place_pick(
        community=request.GET.get("community"),
        estate=request.GET.get("estate"),
        building=request.GET.get("building"),
    )
    if getattr(request, "htmx", False):
        return render(request, "places/_pick.html", {"pick": chosen})
    return render(request, "places/pick.html", {"pick": chosen, "next": _safe_next(request)})


@access.staff
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """List the places that the reader works over."""
    places = queries.list_places(_granted_ids(request))
    return render(request, "places/home.html", {"places": places})


@access.staff
@require_GET
def tree(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a place with all below it, and the forms to add to it and to set its counts."""
    return _tree_page(request, _own_place(request, pk))


@access.staff
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an estate or a building below a place."""
    parent = _own_place(request, pk)
    form = PlaceForm(request.POST, levels=_levels_below(parent))
    if form.is_valid():
        try:
            place = services.place_add(by_role=_role_of(request), parent=parent, at=clock.now(), **form.cleaned_data)
        except PlaceError as refused:
            form.add_error("name", str(refused.message))
        else:
            messages.success(request, _("%(name)s is added.") % {"name": place.name})
            return redirect("places:tree", pk=parent.pk)
    return _tree_page(request, parent, place_form=form, status=422)


@access.staff
@require_POST
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the household counts of a place."""
    place = _own_place(request, pk)
    form = CountForm(request.POST)
    if form.is_valid():
        try:
            services.place_count(by_role=_role_of(request), place=place, at=clock.now(), **form.cleaned_data)
        except PlaceError as refused:
            form.add_error("households", str(refused.message))
        else:
            messages.success(request, _("The counts of %(name)s are kept.") % {"name": place.name})
            return redirect("places:tree", pk=place.pk)
    return _tree_page(request, place, count_form=form, status=422)


def _tree_page(
    request: HttpRequest,
    place: Place,
    *,
    place_form: PlaceForm | None = None,
    count_form: CountForm | None = None,
    status: int = 200,
) -> HttpResponse:
    levels = _levels_below(place)
    context = {
        "place": place,
        "above": [one for one in queries.list_ancestors(place) if _works_at(request, one)],
        "rows": queries.list_tree(place)[1:],
        "place_form": place_form or (PlaceForm(levels=levels) if levels else None),
        "count_form": count_form or CountForm(initial=_counts_of(place)),
        "places": queries.list_places(_granted_ids(request)),
    }
    return render(request, "places/tree.html", context, status=status)


def _own_place(request: HttpRequest, pk: int) -> Place:
    """Return the place if the reader works there; not there and not theirs are the same 404."""
    place = queries.get_place(pk)
    if not _works_at(request, place):
        raise PlaceMissing
    return place


def _works_at(request: HttpRequest, place: Place) -> bool:
    # People stand above places, so the actor is taken as it comes: something that can say where it works.
    actor: Any = request.actor  # type: ignore[attr-defined]
    return bool(actor.works_at(place.path))


def _granted_ids(request: HttpRequest) -> list[int]:
    actor: Any = request.actor  # type: ignore[attr-defined]
    paths = {grant.place_path: grant.place_id for grant in actor.grants if actor.works_at(grant.place_path)}
    return list(paths.values())


def _role_of(request: HttpRequest) -> str:
    actor: Any = request.actor  # type: ignore[attr-defined]
    return str(actor.role_label)


def _levels_below(place: Place) -> list[Level]:
    return _BELOW.get(Level(place.level), [])


def _counts_of(place: Place) -> dict[str, object]:
    return {name: getattr(place, name) for name in CountForm.base_fields}


def _safe_next(request: HttpRequest) -> str:
    """Return the page that asked for a place, if it is one of ours."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and "?" not in wanted and "#" not in wanted else ""
