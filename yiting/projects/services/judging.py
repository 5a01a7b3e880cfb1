"""Residents judge a finished project: one tap and a word, one a household. They decide what is solved."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiting.ledger.services import entry_append
from yiting.needs.models import Judgement, State
from yiting.needs.services import needs_close, needs_reopen
from yiting.notices.services import NewNotice, notices_queue
from yiting.people.actors import Actor, system_actor
from yiting.people.models import Organisation, Person
from yiting.people.queries import list_members, organisation_for_place
from yiting.places.models import Place
from yiting.projects.errors import NotFinishedYet, NotFromHere, VerdictMissing
from yiting.projects.models import Evaluation, Project, ProjectLook, Stage
from yiting.projects.policies import CLOSE_DAYS, LOOKS, is_taken_up_again
from yiting.projects.queries.asked import served_roots, who_asked
from yiting.projects.stages import change_stage

LOOKS_AT_ONCE = 200


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

    Locks the project, so that two judgements at once reopen it once. `home` is the building the judge lives
    in, needed from those who did not ask. Every 'not' is told to the lead and to the organisation above it.
    """
    if verdict not in Judgement.Verdict.values:
        raise VerdictMissing
    held = Project.objects.select_for_update(of=("self",)).select_related("lead", "place").get(pk=project.pk)
    before = Evaluation.objects.filter(project=held, look=look, person=person).first()
    if before is None and person.household_id is not None:
        before = Evaluation.objects.filter(project=held, look=look, household=person.household_id).first()
    # whoever judged before need not say again why they may
    basis = before.basis if before is not None else _basis(held, person, home)
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
    """Ask those who asked to look again, 30 and 180 days on, each look once; return how many."""
    due = (
        ProjectLook.objects.select_for_update(of=("self",))
        .select_related("project")
        .filter(due_at__lte=at, asked_at__isnull=True, project__stage__in=(Stage.DELIVERED, Stage.CLOSED))
    )
    asked = 0
    for look in due.order_by("due_at", "id")[:LOOKS_AT_ONCE]:
        people = Person.objects.filter(pk__in=who_asked(look.project))
        notices_queue(
            [
                NewNotice(
                    key=f"project-{look.project_id}-look-{look.days}-{look.due_at:%Y%m%d}-{person.pk}",
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


@transaction.atomic
def projects_close(*, at: datetime) -> int:
    """Let projects stand as judged whose last look was asked a while ago; return how many."""
    done = Project.objects.select_for_update().filter(
        stage=Stage.DELIVERED,
        pk__in=ProjectLook.objects.filter(days=LOOKS[-1], asked_at__lt=at - timedelta(days=CLOSE_DAYS)).values(
            "project"
        ),
    )
    closed = 0
    for project in done.order_by("pk")[:LOOKS_AT_ONCE]:
        change_stage(project, Stage.CLOSED)
        project.version += 1
        project.save()
        clock = system_actor("clock")
        entry_append(kind="projects.project.closed", obj=project, by=clock, at=at)
        waiting = served_roots(project).filter(state=State.JUDGING, judged_with_project=True)
        needs_close(by=clock, needs=list(waiting), note=project.title, at=at)
        closed += 1
    return closed


def evaluation_words_forget(*, person: Person) -> int:
    """Take out what a person wrote with their judgements, when they are erased; the judgements count on."""
    return Evaluation.objects.filter(person=person).update(word="", household=None)


def _basis(project: Project, person: Person, home: Place | None) -> str:
    if person.pk in who_asked(project):
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
    # "I live there" is anybody's word: work is taken up again only for those who asked and for known households
    given = Evaluation.objects.filter(project=project, look=look).exclude(
        basis=Evaluation.Basis.LIVES_THERE, household__isnull=True
    )
    if project.delivered_at is not None:
        # what was said of an earlier delivery is history and does not reopen the next one
        given = given.filter(at__gte=project.delivered_at)
    verdicts = list(given.values_list("verdict", flat=True))
    unsolved = verdicts.count(Judgement.Verdict.NOT)
    if not is_taken_up_again(unsolved=unsolved, judged=len(verdicts)):
        return
    clock = system_actor("judgement")
    change_stage(project, Stage.BUILDING)
    project.version += 1
    project.save()
    entry_append(kind="projects.project.reopened", obj=project, by=clock, at=at, facts={"unsolved": unsolved})
    # a need that was returned or taken up again on its own stays as it is
    needs = served_roots(project).filter(state__in=(State.JUDGING, State.CLOSED))
    needs_reopen(by=clock, needs=list(needs), note=project.title, at=at)


def _tell_handlers(project: Project, *, at: datetime) -> None:
    lead = project.lead or organisation_for_place(project.place)
    above = (lead.parent if lead else None) or organisation_for_place(
        project.place, kind=Organisation.Kind.STREET_OFFICE
    )
    organisations = {one.pk: one for one in (lead, above) if one is not None}
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
            for account in {
                account.pk: account for one in organisations.values() for account in list_members(one, at)
            }.values()
        ],
        at=at,
    )
