"""Plays the demo through the real services: places, people, messages, and the story of the pavilion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from yiting.demo import facts
from yiting.demo.alliances import play_alliances
from yiting.demo.choosing import play_choosing
from yiting.demo.messages import play_messages
from yiting.demo.pavilion import play_pavilion
from yiting.demo.scene import DEMO, Scene
from yiting.demo.talk import play_talk
from yiting.needs.services import categories_load, hot_refresh_all, import_file, read_tree, reasons_load
from yiting.people.models import Account
from yiting.people.queries import get_actor
from yiting.people.services import account_create, organisation_add, phone_prove, role_grant
from yiting.places.services import place_add

Progress = Callable[[int, int | None], None]


def is_played() -> bool:
    """Say whether the demo has been played into this database."""
    return Account.objects.filter(username=facts.ACCOUNTS[0].username).exists()


@transaction.atomic
def demo_play(*, messages: Path | None, at: datetime, progress: Progress | None = None) -> Scene:
    """Play the demo in; `messages` are real ones to read instead of the examples that come with the program.

    The story of the pavilion is told with the examples in either case, since it needs the residents who asked.
    `at` is the moment at which the demo is opened, on `facts.TODAY` or later: nothing told lies after it.
    All of it goes in or none of it, so that a demo cut short can be started again.
    """
    scene = Scene()
    began = at.replace(year=2023, month=1, day=3, hour=1, minute=0, second=0, microsecond=0)
    set_scene(scene, at=began)
    categories_load(paths=read_tree())
    reasons_load()
    needs = play_messages(scene, progress=progress)
    pavilion = play_pavilion(scene, needs[facts.SHADE])
    play_alliances(scene, pavilion)
    play_talk(scene)
    play_choosing(scene, needs)
    add_account(scene, facts.SECRETARY, at=began)
    if messages is not None:
        import_file(
            by=DEMO,
            path=messages,
            name=messages.name,
            place=scene.places["天骄街道"],
            at=at,
            progress=progress,
        )
    hot_refresh_all(at=at)
    return scene


def set_scene(scene: Scene, *, at: datetime) -> None:
    """Set up the places, organisations and accounts of the story."""
    scene.add_divisions(facts.PLACES, under=None, at=at)
    community = scene.community
    for name in (facts.ESTATE, *facts.EXAMPLE_ESTATES):
        real = name == facts.ESTATE
        estate = place_add(
            by_role=DEMO.role_label,
            parent=community,
            level="estate",
            name=name,
            households=facts.HOUSEHOLDS if real else None,
            households_on_allowance=facts.HOUSEHOLDS_ON_ALLOWANCE if real else None,
            source=facts.ESTATE_SOURCE if real else facts.EXAMPLE_SOURCE,
            at=at,
        )
        scene.places[name] = estate
        for building in facts.BUILDINGS if real else [f"{number}号楼" for number in range(1, 9)]:
            scene.places[f"{name}{building}"] = place_add(
                by_role=DEMO.role_label, parent=estate, level="building", name=building, at=at
            )
    street = scene.places["天骄街道"]
    office = organisation_add(by=DEMO, kind="street_office", name=facts.STREET_OFFICE, place=street)
    for kind, name, place in (
        ("community", facts.COMMUNITY, community),
        ("department", facts.EXAMPLE_DEPARTMENT, street),
        ("enterprise", facts.EXAMPLE_SERVICE, community),
    ):
        scene.organisations[name] = organisation_add(by=DEMO, kind=kind, name=name, place=place, parent=office)
    scene.organisations[facts.STREET_OFFICE] = office
    for account in facts.ACCOUNTS:
        add_account(scene, account, at=at)


def add_account(scene: Scene, told: facts.DemoAccount, *, at: datetime) -> None:
    """Add an account of the demo with its role."""
    account = account_create(
        by=DEMO, username=told.username, password=facts.PASSWORD, public_name=told.public_name, at=at
    )
    if told.organisation:
        held_at = scene.organisations[told.organisation]
        role_grant(by=DEMO, account=account, kind=told.kind, place=held_at.place, organisation=held_at, at=at)
    else:  # somebody who lives in the estate of the story
        role_grant(by=DEMO, account=account, kind=told.kind, place=scene.estate, at=at)
        phone_prove(account=account, phone=facts.RESIDENT_PHONE, at=at)
    scene.actors[told.username] = get_actor(account)
