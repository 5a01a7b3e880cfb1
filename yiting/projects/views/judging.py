"""Judging a project: one tap by those who asked and those who live there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiting.needs.queries import fresh_code
from yiting.people.actors import Actor
from yiting.people.models import Person
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.models import Level, Place
from yiting.places.queries import get_place, list_ancestors, place_pick
from yiting.projects.errors import NotFinishedYet, NotFromHere, ReceiptElsewhere
from yiting.projects.forms import EvaluationForm
from yiting.projects.models import Project, Stage
from yiting.projects.policies import LOOKS, REOPEN_SHARE, REOPEN_VOICES
from yiting.projects.queries.asked import get_asker, get_asker_by_receipt
from yiting.projects.queries.judging import get_current_look, get_own_evaluation
from yiting.projects.queries.page import ProjectPage, find_project, get_last_evaluation, home_choices
from yiting.projects.services import evaluation_give
from yiting.projects.views.visitors import actor_of, keep_pace, speaker_of, speaks_for, visitor_of

NEAR = (Level.ESTATE, Level.BUILDING)


def judging_context(request: HttpRequest, page: ProjectPage) -> dict[str, Any]:
    """What the judging part of a project's page shows to this visitor. A fixed number of queries."""
    rules = {"looks": LOOKS, "voices": REOPEN_VOICES, "share": REOPEN_SHARE}
    judging = page.judging
    if judging is None or not judging.is_open:
        return {"rules": rules, "mine": None, "speaks": False}
    project, visitor = page.project, visitor_of(request)
    asker = get_asker(project, person_ids=visitor.person_ids, receipts=visitor.receipts)
    last = get_last_evaluation(project, visitor.person_ids)
    mine = get_own_evaluation(project, asker.pk, asker.household_id, judging.look) if asker is not None else None
    if mine is None and last is not None and last.look == judging.look:
        mine = last
    speaks = asker is not None or last is not None
    context: dict[str, Any] = {"rules": rules, "mine": mine, "speaks": speaks, "key": fresh_code(16)}
    if not speaks:
        context |= _home_question(project)
    return context


@public
@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: HttpRequest, code: str) -> HttpResponse:
    """Solved, partly or not, and perhaps a word. The page itself is where the question stands."""
    project = find_project(code)
    there = reverse("projects:project", args=[project.code]) + "#judge"
    if request.method != "POST":
        return redirect(there)
    form = EvaluationForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Tap one of the three: solved, partly or not. A word has at most 200 characters."))
        return redirect(there)
    if project.stage not in (Stage.DELIVERED, Stage.CLOSED):
        raise NotFinishedYet
    keep_pace(request, "support")
    by, person, home = _judge(request, project, form.cleaned_data)
    evaluation_give(
        by=by,
        project=project,
        person=person,
        verdict=form.cleaned_data["verdict"],
        word=form.cleaned_data["word"],
        look=get_current_look(project),
        home=home,
        at=now(),
    )
    messages.success(request, _("Thank you. It is written down; you can change it as long as it is open."))
    return redirect(there)


def _judge(request: HttpRequest, project: Project, said: dict[str, Any]) -> tuple[Actor, Person, Place | None]:
    """Find out who judges: one who asked, one who judged before, or one who says where they live."""
    visitor = visitor_of(request)
    asker = get_asker(project, person_ids=visitor.person_ids, receipts=visitor.receipts)
    if asker is None and said["receipt"]:
        asker = get_asker_by_receipt(project, said["receipt"])
        if asker is None:
            raise ReceiptElsewhere
    if asker is not None:
        by = actor_of(request) if asker.pk in visitor.person_ids else speaks_for(request, asker)
        return by, asker, None
    last = get_last_evaluation(project, visitor.person_ids)
    if last is not None:
        # a later look: they said before where they live
        return actor_of(request), last.person, project.place
    home = _home(request, said)
    if home is None or not home.path.startswith(project.place_path):
        raise NotFromHere
    return actor_of(request), speaker_of(request, at=now(), nonce=said["key"]), home


def _home(request: HttpRequest, said: dict[str, Any]) -> Place | None:
    """The building that was chosen; where there was none to choose, the estate or community."""
    for wanted in (said["building"], request.POST.get("estate"), request.POST.get("community")):
        if wanted:
            return get_place(wanted)
    return None


def _home_question(project: Project) -> dict[str, Any]:
    """One list of buildings where the project is as small as an estate, else the picker of places."""
    if project.place.level in NEAR:
        return {"homes": home_choices(project.place)}
    above = {place.level: place.pk for place in (*list_ancestors(project.place), project.place)}
    return {"pick": place_pick(community=above.get(Level.COMMUNITY))}
