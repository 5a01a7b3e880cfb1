"""Needs for programs: what is public without a token, filing and working with one."""

from ninja import Router

from yiting.needs.api import filing, public, working

router = Router()
for part in (public.router, filing.router, working.router):
    router.add_router("", part)
