"""Residents judge a finished project: one tap and a word, one a household. They decide whether it is solved."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.ledger.services import entry_append
from yiting.needs.models import Judgement, ServiceRequest, Support
from yiting.needs.services import needs_reopen
from yiting.notices.services import NewNotice, notices_queue
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Organisation, Person
from yiting.people.queries import list_members
from yiting.places.models import Place
from yiting.projects.errors import NotFinishedYet, NotFromHere
from yiting.projects.models import Evaluation, Project, ProjectLook, ProjectNeed, Stage
from yiting.projects.stages import change_stage

LOOKS = (30, 180)
# The published rule: work is taken up again when at least three, and a third of those who judged, say "not solved".
REOPEN_VOICES = 3
REOPEN_SHARE = 3


@transaction.atomic
def evaluation_give(
    *,
    by: Actor,
    project: Project,
    person: Person,
    verdict: str,
    word: str = "",
    look: int = 0,
    home: Place | None = None,
    at: datetime,
) -> Evaluation:
    """Judge a finished project; the same household or person judging again changes its judgement.

    Locks the project, so that two judgements at once reopen it once. `home` is the building the judge lives in,
    needed from those who did not ask. Every 'not' is told to the organisation that leads and to the one above it.
    """
    held = Project.objects.select_for_update().select_related("lead").get(pk=project.pk)
    basis = _basis(held, person, home)
    before = Evaluation.objects.filter(project=held, look=look, person=person).first()
    if before is None and person.household_id is not None:
        before = Evaluation.objects.filter(project=held, look=look, household=person.household_id).first()
    if held.stage not in (Stage.DELIVERED, Stage.CLOSED) and before is None:
        raise NotFinishedYet
    evaluation = before or Evaluation(project=held, person=person, look=look, household_id=person.household_id)
    evaluation.verdict, evaluation.word = verdict, word.strip()[:200]
    evaluation.basis, evaluation.at = basis, at
    evaluation.save()
    entry_append(kind="projects.evaluation.given", obj=held, by=by, at=at, facts={"verdict": verdict, "look": look})
    if verdict == Judgement.Verdict.NOT:
        _take_back(held, look=look, at=at)
    return evaluation


def ask_for_evaluation(project: Project, *, at: datetime) -> None:
    """Note when those concerned will be asked again."""
    for days in LOOKS:
        ProjectLook.objects.update_or_create(
            project=project, days=days, defaults={"due_at": at + timedelta(days=days), "asked_at": None}
        )


@transaction.atomic
def project_looks_ask(*, at: datetime) -> int:
    """Ask those who asked for a project to look again, 30 and 180 days on, each look once; return how many."""
    due = (
        ProjectLook.objects.select_for_update(of=("self",))
        .select_related("project")
        .filter(due_at__lte=at, asked_at__isnull=True, project__stage__in=(Stage.DELIVERED, Stage.CLOSED))
    )
    asked = 0
    for look in due.order_by("due_at", "id")[:200]:
        people = Person.objects.filter(pk__in=_who_asked(look.project))
        notices_queue(
            [
                NewNotice(
                    key=f"project-{look.project_id}-look-{look.days}-{person.pk}",
                    topic=f"project-{look.project_id}",
                    person=person,
                    subject=_("Is it still good? “%(title)s”, %(days)s days on")
                    % {"title": look.project.title, "days": look.days},
                    body=_("One tap is enough: solved, partly or not."),
                    link=reverse("projects:project", args=[look.project.code]),
                )
                for person in people
            ],
            at=at,
        )
        look.asked_at = at
        look.save(update_fields=["asked_at"])
        asked += 1
    return asked


def _who_asked(project: Project) -> set[int]:
    needs = ProjectNeed.objects.filter(project=project, ended_at__isnull=True).values("need__root")
    asked = ServiceRequest.objects.filter(need__root__in=needs).values_list("person", flat=True)
    joined = Support.objects.filter(need__root__in=needs, withdrawn_at__isnull=True).values_list("person", flat=True)
    return {*asked, *joined}


def _basis(project: Project, person: Person, home: Place | None) -> str:
    if person.pk in _who_asked(project):
        return Evaluation.Basis.ASKED
    household = person.household
    if household is not None and household.place.path.startswith(project.place_path):
        return Evaluation.Basis.LIVES_THERE
    if home is not None and home.path.startswith(project.place_path):
        return Evaluation.Basis.LIVES_THERE
    raise NotFromHere


def _take_back(project: Project, *, look: int, at: datetime) -> None:
    _tell_handlers(project, at=at)
    if project.stage not in (Stage.DELIVERED, Stage.CLOSED):
        return
    given = list(Evaluation.objects.filter(project=project, look=look).values_list("verdict", flat=True))
    unsolved = given.count(Judgement.Verdict.NOT)
    if unsolved < REOPEN_VOICES or unsolved * REOPEN_SHARE < len(given):
        return
    clock = system_actor("judgement")
    change_stage(project, Stage.BUILDING)
    project.version += 1
    project.save()
    entry_append(kind="projects.project.reopened", obj=project, by=clock, at=at, facts={"unsolved": unsolved})
    needs = [link.need for link in ProjectNeed.objects.select_related("need").filter(project=project, ended_at=None)]
    needs_reopen(by=clock, needs=needs, note=project.title, at=at)


def _tell_handlers(project: Project, *, at: datetime) -> None:
    organisations: list[Organisation] = []
    if project.lead is not None:
        organisations.append(project.lead)
        if project.lead.parent is not None:
            organisations.append(project.lead.parent)
    link = reverse("projects:project", args=[project.code])
    notices_queue(
        [
            NewNotice(
                key=f"project-{project.pk}-unsolved-{at:%Y%m%d%H%M%S%f}-{account.pk}",
                topic=f"project-{project.pk}",
                account=account,
                subject=_("A resident says it is not solved: %(title)s") % {"title": project.title},
                link=link,
            )
            for organisation in organisations
            for account in list_members(organisation, at)
        ],
        at=at,
    )
