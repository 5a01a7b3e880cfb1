"""Who asked for what a project serves: from a project to its needs and those behind them, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yiting.needs.models import Need, ServiceRequest, State, Support
from yiting.needs.queries import read_code
from yiting.people.models import Person
from yiting.projects.models import NoProject, Project, ProjectNeed

Unit = tuple[str, int]
"""A household where it is known, a person of their own otherwise."""


@dataclass(frozen=True, slots=True)
class WhyNone:
    """Why a need has no project: the reason in words, by which role and when."""

    reason: str
    role: str
    year: int | None
    at: datetime | None


def unit_of(person_id: int, household_id: int | None) -> Unit:
    """Return under what somebody is counted once."""
    return ("person", person_id) if household_id is None else ("household", household_id)


def served_roots(project: Project) -> QuerySet[Need]:
    """The standing needs that a project serves today, wherever they were merged since."""
    links = ProjectNeed.objects.filter(project=project, ended_at__isnull=True)
    return Need.objects.filter(pk__in=links.values("need__root"))


def shown_roots(project: Project) -> QuerySet[Need]:
    """The needs that a project serves, or served when it was given up: what its page tells of."""
    links = ProjectNeed.objects.filter(project=project)
    if not project.drop_reason:
        links = links.filter(ended_at__isnull=True)
    return Need.objects.filter(pk__in=links.values("need__root"))


def who_asked(project: Project) -> set[int]:
    """The keys of everybody who asked for what a project serves, or joined. Two queries."""
    roots = served_roots(project).values("pk")
    asked = ServiceRequest.objects.filter(need__root__in=roots).values_list("person", flat=True)
    joined = Support.objects.filter(need__root__in=roots, withdrawn_at__isnull=True).values_list("person", flat=True)
    return {*asked, *joined}


def list_people_who_asked(project: Project) -> list[Person]:
    """List everybody who asked for what a project serves, by when they first asked. Three queries."""
    roots = served_roots(project).values("pk")
    asked = ServiceRequest.objects.filter(need__root__in=roots).values_list("person", "filed_at")
    joined = Support.objects.filter(need__root__in=roots, withdrawn_at__isnull=True).values_list("person", "at")
    first: dict[int, datetime] = {}
    for person, at in (*asked, *joined):
        first[person] = min(first.get(person, at), at)
    people = Person.objects.select_related("household__place").filter(pk__in=first)
    return sorted(people, key=lambda person: (first[person.pk], person.pk))


def asked_units(project: Project) -> dict[Unit, bool]:
    """Everybody who asked, counted once a household; the value says whether they left the base.

    By the published rule somebody leaves it when every need they asked for was returned with a reason that
    is excluded. Two queries.
    """
    roots = shown_roots(project).values("pk")
    asked = ServiceRequest.objects.filter(need__root__in=roots)
    joined = Support.objects.filter(need__root__in=roots, withdrawn_at__isnull=True)
    units: dict[Unit, bool] = {}
    for rows in (asked, joined):
        fields = ("person", "person__household", "need__root__state", "need__root__excluded_reason")
        for person, household, state, reason in rows.order_by().values_list(*fields).distinct():
            unit = unit_of(person, household)
            units[unit] = units.get(unit, True) and state == State.RETURNED and reason is not None
    return units


def get_project_for_need(need: Need) -> Project | None:
    """Return the project that serves a need, or one that was merged into it. One query."""
    link = (
        ProjectNeed.objects.select_related("project")
        .filter(need__root=need.root_id or need.pk, ended_at__isnull=True)
        .order_by("added_at", "id")
        .first()
    )
    return link.project if link is not None else None


def get_why_none(need: Need) -> WhyNone | None:
    """Return the last reason why a need has no project: declined, or its project given up. Two queries."""
    root = need.root_id or need.pk
    declined = NoProject.objects.filter(need__root=root).order_by("-at", "-id").first()
    dropped = (
        ProjectNeed.objects.select_related("project")
        .filter(need__root=root, ended_at__isnull=False)
        .exclude(project__drop_reason="")
        .order_by("-ended_at", "-id")
        .first()
    )
    if dropped is not None and (declined is None or (dropped.ended_at and dropped.ended_at > declined.at)):
        return WhyNone(dropped.project.drop_reason, "", dropped.project.year, dropped.ended_at)
    return None if declined is None else WhyNone(declined.reason, declined.role_label, declined.year, declined.at)


def get_asker(project: Project, *, person_ids: frozenset[int], receipts: Sequence[str] = ()) -> Person | None:
    """Return which of these persons, or of those behind these receipts, asked for what a project serves.

    At most three queries; a receipt for another matter speaks for nobody here.
    """
    if not person_ids and not receipts:
        return None
    roots = served_roots(project).values("pk")
    asked = ServiceRequest.objects.filter(need__root__in=roots).filter(Q(person__in=person_ids) | Q(code__in=receipts))
    joined = Support.objects.filter(need__root__in=roots, person__in=person_ids, withdrawn_at__isnull=True)
    found = [
        *asked.order_by("id").values_list("person", flat=True),
        *joined.order_by("id").values_list("person", flat=True),
    ]
    own = [pk for pk in found if pk in person_ids]
    return Person.objects.filter(pk=(own or found)[0]).first() if found else None


def get_asker_by_receipt(project: Project, code: str) -> Person | None:
    """Return who asked, by a receipt as it was typed; None when it belongs to another matter. One query."""
    request = (
        ServiceRequest.objects.select_related("person")
        .filter(code=read_code(code)[:16], need__root__in=served_roots(project).values("pk"))
        .first()
    )
    return request.person if request is not None else None
