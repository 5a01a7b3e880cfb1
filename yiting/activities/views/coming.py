"""Coming: signing up with one tap, stepping back, being counted at the door, and saying how it was."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from yiting.activities.codes import door_mark
from yiting.activities.errors import ActivitiesRefused, ActivityMissing, CheckInCodeWrong, VerdictMissing
from yiting.activities.forms import CheckInForm, FeedbackForm, SignUpForm
from yiting.activities.models import Activity, CheckIn, SignUp
from yiting.activities.queries.page import find_activity, get_own_sign_up, list_line, list_own_sign_ups, list_units
from yiting.activities.services import check_in, feedback_give, sign_up, sign_up_withdraw
from yiting.activities.views.resident import activity_page
from yiting.activities.views.visitors import actor_of, keep_pace, speaker_of, voices_of
from yiting.people.errors import PeopleRefused
from yiting.people.models import Organisation
from yiting.places.access import public
from yiting.places.clock import now
from yiting.places.doing import post_or_look

NOT_THERE = 404


@public
@post_or_look
def sign_up_page(request: HttpRequest, code: str) -> HttpResponse:
    """Sign up: for oneself with one tap, or for one's unit. The activity's page is where the form stands."""
    if request.method != "POST":
        return redirect("activities:activity", code)
    activity = find_activity(code)
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return activity_page(request, code, refusal=_("Look at the number of people again."), status=422)
    given = form.cleaned_data
    keep_pace(request, "sign-up")
    try:
        mine = _sign_up(request, activity, given["unit"], form)
    except (ActivitiesRefused, PeopleRefused) as refusal:
        if refusal.status == NOT_THERE:
            raise
        return activity_page(request, code, refusal=refusal.message, given=given, status=refusal.status)
    if mine.state == SignUp.State.SEAT:
        messages.success(request, _("You have a place. We look forward to seeing you."))
    else:
        place = list_line(activity).index(mine.pk) + 1
        messages.warning(
            request,
            _("It is full. You are number %(number)s on the waiting list and will be told when you move up.")
            % {"number": place},
        )
    return redirect("activities:activity", activity.code)


@public
@post_or_look
def step_back(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Give one's place back, so that the next in line moves up."""
    activity = find_activity(code)
    if request.method == "POST":
        by = actor_of(request)
        mine = get_own_sign_up(activity, pk, by=by, person_ids=voices_of(request))
        sign_up_withdraw(by=by, sign_up=mine, at=now())
        messages.success(request, _("You stepped back. Thank you for telling us; somebody else can come now."))
    return redirect("activities:activity", activity.code)


@public
@post_or_look
def check_in_page(request: HttpRequest, code: str, mark: str) -> HttpResponse:
    """Behind the code at the door: so many of us, or myself, or my unit. Nobody is asked who they are."""
    activity = find_activity(code)
    if not constant_time_compare(mark, door_mark(activity.uid)):
        raise CheckInCodeWrong
    by = actor_of(request)
    units = list_units(by)
    done: CheckIn | None = None
    refusal: object = None
    status = 200
    if request.method == "POST":
        form = CheckInForm(request.POST)
        if form.is_valid():
            keep_pace(request, "check-in")
            try:
                done = _check_in(request, activity, form, units)
            except ActivitiesRefused as refused:
                refusal, status = refused.message, refused.status
        else:
            refusal, status = _("Look at the number of people again."), 422
    context = {
        "activity": activity,
        "mark": mark,
        "done": done,
        "refusal": refusal,
        "units": units,
        "mine": list_own_sign_ups(activity, voices_of(request), []),
        "key": secrets.token_urlsafe(24),
    }
    return render(request, "activities/check_in.html", context, status=status)


@public
@post_or_look
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    """Good, so-so or not good, and perhaps a word."""
    activity = find_activity(code)
    if request.method == "POST":
        form = FeedbackForm(request.POST)
        if not form.is_valid():
            raise VerdictMissing
        keep_pace(request, "feedback")
        given, at = form.cleaned_data, now()
        person = speaker_of(request, at=at, nonce=given["key"])
        feedback_give(
            by=actor_of(request),
            activity=activity,
            person=person,
            verdict=given["verdict"],
            word=given["word"],
            at=at,
        )
        messages.success(request, _("Thank you. You can change it whenever you like."))
    return redirect("activities:activity", activity.code)


def _sign_up(request: HttpRequest, activity: Activity, unit: int | None, form: SignUpForm) -> SignUp:
    given, at, by = form.cleaned_data, now(), actor_of(request)
    heads = given["heads"] or 1
    if unit is not None:
        return sign_up(by=by, activity=activity, organisation=_unit(list_units(by), unit), heads=heads, at=at)
    person = speaker_of(request, at=at, nonce=given["key"], phone=given["phone"], name=given["name"])
    return sign_up(by=by, activity=activity, person=person, heads=heads, at=at)


def _check_in(request: HttpRequest, activity: Activity, form: CheckInForm, units: list[Organisation]) -> CheckIn:
    given, at, by = form.cleaned_data, now(), actor_of(request)
    heads = given["heads"] or 1
    if given["what"] == CheckInForm.SELF:
        person = speaker_of(request, at=at, nonce=given["key"])
        return check_in(by=by, activity=activity, person=person, way=CheckIn.Way.QR, at=at)
    if given["what"] == CheckInForm.UNIT:
        organisation = _unit(units, given["unit"])
        return check_in(by=by, activity=activity, organisation=organisation, heads=heads, way=CheckIn.Way.QR, at=at)
    key = given["key"] or secrets.token_urlsafe(24)
    return check_in(by=by, activity=activity, heads=heads, way=CheckIn.Way.QR, key=key, at=at)


def _unit(units: list[Organisation], pk: int | None) -> Organisation:
    for unit in units:
        if unit.pk == pk:
            return unit
    raise ActivityMissing
