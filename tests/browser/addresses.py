"""Every address of ours, and who is to get what there. A new address must be added here, or the suite fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ROLES = ("anonymous", "jumin", "mishu", "shequ", "jiedao", "daibiao", "guanli")
ANYBODY_KNOWN, STAFF, ADMIN = ROLES[1:], ROLES[2:], ROLES[6:]
# Who works over the places of the demo: the deputy comes to look and handles nothing.
WORKERS, LOOKERS = ("shequ", "jiedao", "guanli"), ("shequ", "jiedao", "daibiao", "guanli")
# Who works for the unit that leads the alliance looked at, and who may say yes to what it offers.
CONTACT, BOTH_SIDES = ("mishu",), ("mishu", "shequ", "jiedao", "guanli")
# Who opened the record of a dispute, and mediates.
MEDIATOR = ("shequ",)

# Addresses without pages, or of others, each with where it is looked at.
ELSEWHERE = {
    "admin": "Django's own, for whoever runs the machine",
    "api": "no pages: tests/standards",
    "open311": "no pages: tests/standards",
}
# Steps on the way of something else, which nobody comes to by the address alone.
STEPS = {
    "account_inactive": "after signing in to a closed account",
    "account_confirm_login_code": "after a code was asked for: tests/people/test_signin.py",
    "account_verify_phone": "after a number was given: tests/people/test_signin.py",
    "mfa_authenticate": "on the way in with a second factor",
    "mfa_reauthenticate": "with a second factor",
    "mfa_reauthenticate_webauthn": "with a passkey",
    "mfa_activate_totp": "after the password was asked for once more",
    "mfa_deactivate_totp": "with a second factor",
    "mfa_view_recovery_codes": "with a second factor",
    "mfa_generate_recovery_codes": "with a second factor",
    "mfa_download_recovery_codes": "with a second factor",
    "mfa_add_webauthn": "after the password was asked for once more",
    "mfa_remove_webauthn": "with a passkey",
    "mfa_edit_webauthn": "with a passkey",
    "mfa_login_webauthn": "no page: what the passkey button asks for",
    "socialaccount_login_cancelled": "with another house to sign in through",
    "socialaccount_login_error": "with another house to sign in through",
    "socialaccount_signup": "with another house to sign in through",
    "socialaccount_connections": "with another house to sign in through",
    "set_language": "Django's own; takes forms only",
}
ANSWERS = {"page": 200, "file": 200, "way": 302, "act": 405}


@dataclass(frozen=True, slots=True)
class Address:
    """An address, who gets it and as what: a page, a file, a way to another page, or an act that takes forms.

    Those with an account who are not meant are told that there is nothing; others are asked to sign in first.
    """

    name: str
    args: tuple[str, ...] = ()
    query: str = ""
    roles: tuple[str, ...] = ROLES
    kind: str = "page"
    statuses: dict[str, int] = field(default_factory=dict)

    def status(self, role: str) -> int:
        """What somebody with this role who looks is answered with."""
        if role in self.statuses:
            return self.statuses[role]
        if role in self.roles:
            return ANSWERS[self.kind]
        return 302 if role == "anonymous" else 404


def several(*names: str, **more: Any) -> list[Address]:
    """Addresses of one sort, each written as its name and then the things that its arguments are."""
    return [Address(name=words[0], args=tuple(words[1:]), **more) for words in (name.split() for name in names)]


PUBLIC = [
    *several(
        "needs:home",
        "needs:file",
        "needs:list",
        "needs:hot",
        "needs:need need",
        "needs:need judged_need",
        "needs:need returned_need",
        "needs:add need",
        "needs:receipt_find",
        "needs:receipt receipt",
        "needs:receipt judged_receipt",
        "needs:slip receipt",
        "needs:receipt_add receipt",
        "needs:receipt_erase receipt",
        "needs:behalf",
        "projects:board",
        "projects:project project",
        "projects:for_need need",
        "ledger:home",
        "ledger:entry entry",
        "places:pick",
        "web:about",
        "needs:at_activity activity",
        "activities:board",
        "activities:mine",
        "activities:activity activity",
        "activities:activity held_activity",
        "activities:check_in activity mark",
        "deliberation:board",
        "deliberation:propose",
        "deliberation:for_need need",
        "deliberation:topic topic",
        "deliberation:topic resolved_topic",
        "deliberation:statements topic",
        "deliberation:result topic",
        "deliberation:result resolved_topic",
        "deliberation:moderation topic",
        "deliberation:meetings",
        "deliberation:topic_meetings resolved_topic",
        "deliberation:meeting meeting",
        "deliberation:meeting_minutes meeting",
        "deliberation:resolutions",
        "deliberation:resolution resolution",
        "deliberation:conventions",
        "deliberation:convention convention",
        "deliberation:convention_difference convention",
        "ballots:board",
        "ballots:round round",
        "ballots:round counted_round",
        "ballots:for_need need",
        "ballots:for_resolution resolution",
        "ballots:for_project project",
        "ballots:vote round",
        "ballots:vote street_round",
        "ballots:tablet round",
        "ballots:check counted_round",
        "ballots:result counted_round",
        "alliances:board",
        "alliances:alliance alliance",
        "alliances:turns alliance",
        "alliances:review alliance",
        "alliances:pool",
        "alliances:pool alliance",
        "alliances:pool_record alliance",
        "alliances:offer offer",
        "alliances:ask ask",
        "alliances:ask own_ask",
        "alliances:helps judged_need",
        "alliances:chain",
        "alliances:chain alliance",
    ),
    Address("activities:board", query="past=1"),
    Address("alliances:review", ("alliance",), query="season=2024-Q2"),
    Address("alliances:chain", ("woven",)),
    # whoever has opened the receipt is thanked for asking; those who handle it do not become those who ask
    Address("needs:support", ("need",), statuses=dict.fromkeys(WORKERS, 302)),
    *several(
        "account_login",
        "account_signup",
        "account_request_login_code",
        statuses=dict.fromkeys(ANYBODY_KNOWN, 302),
    ),
]
OWN = [
    *several(
        "people:me",
        "people:erase_ask",
        "notices:inbox",
        "account_logout",
        "account_change_phone",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_list_webauthn",
        "deliberation:disputes",
        roles=ANYBODY_KNOWN,
    ),
]
FOR_STAFF = [
    *several("needs:bench", "projects:bench", "places:home", roles=STAFF),
    Address("projects:bench", query="view=delivered", roles=STAFF),
    *several("projects:propose", roles=STAFF),
    *several("projects:bench_project project", roles=LOOKERS),
    *several(
        "needs:import",
        "needs:bench_need need",
        "needs:bench_need new_need",
        "needs:bench_need judged_need",
        "projects:decline need",
        "places:tree community",
        roles=WORKERS,
    ),
    *several(
        "activities:bench",
        "activities:plan",
        "alliances:bench",
        "alliances:pool_bench",
        "alliances:offer_new",
        "alliances:ask_new",
        "alliances:relation_new",
        "deliberation:bench",
        "deliberation:topic_new",
        "deliberation:bench_meetings",
        "deliberation:bench_resolutions",
        "deliberation:bench_conventions",
        "ballots:bench",
        "ballots:bench_new",
        "ballots:propose",
        roles=STAFF,
    ),
    *several(
        "deliberation:bench_topic topic",
        "deliberation:bench_topic resolved_topic",
        "deliberation:sheets topic",
        "deliberation:sheet topic serial",
        "deliberation:dispute_open",
        "deliberation:meeting_call",
        "deliberation:bench_meeting meeting",
        "deliberation:point_resolution meeting point",
        "deliberation:topic_resolution resolved_topic",
        "deliberation:bench_resolution resolution",
        "deliberation:convention_make resolution",
        "deliberation:convention_amend convention",
        "ballots:bench_round round",
        "ballots:bench_round street_round",
        "ballots:bench_round counted_round",
        "ballots:add round",
        "ballots:bench_candidate round candidate",
        "ballots:bench_candidate counted_round candidate",
        "ballots:counter round",
        "ballots:papers round",
        "ballots:paper round ballot_paper",
        "needs:bench_at_activity activity",
        "activities:bench_activity activity",
        "activities:bench_activity held_activity",
        "activities:poster activity",
        "activities:names activity",
        roles=WORKERS,
    ),
    *several(
        "alliances:manage alliance",
        "alliances:turn alliance turn",
        "alliances:members alliance",
        "alliances:offer_edit offer",
        "alliances:offer_end offer",
        roles=CONTACT,
    ),
    # its mediator alone; administrators and the street see nothing of it
    *several("deliberation:dispute dispute", roles=MEDIATOR),
    *several("people:homes", roles=WORKERS),
    *several("alliances:claim offer ask", "alliances:match match", roles=BOTH_SIDES),
    *several("alliances:ask_end ask", roles=WORKERS),
    *several("alliances:found", roles=("jiedao", "guanli")),
    *several(
        "activities:kinds",
        "alliances:kinds",
        "notices:failed",
        "people:accounts",
        "people:account_add",
        "people:account account",
        "people:organisations",
        "people:tokens",
        roles=ADMIN,
    ),
]
WITHOUT_PAGE = [
    *several(
        "needs:photo need photo",
        "needs:receipt_photo receipt photo",
        "needs:receipt_proof receipt",
        "projects:picture project picture",
        "ledger:checkpoint",
        "ledger:proof entry",
        "activities:feed_place community",
        "activities:feed_host organisation",
        "activities:feed_kind activity_kind",
        "activities:feed_person feed_token",
        "activities:ics activity",
        "activities:picture held_activity activity_photo",
        "activities:paper activity paper",
        "deliberation:paper topic evidence",
        "ballots:leaves counted_round",
        "ballots:proof counted_round leaf",
        "ballots:ballots counted_round",
        "alliances:solved alliance",
        "alliances:feed alliance",
        "alliances:review_xlsx alliance",
        kind="file",
    ),
    Address("ledger:consistency", query="first=5&second=9", kind="file"),
    *several("people:export", kind="file", roles=ANYBODY_KNOWN),
    *several("needs:bench_photo photo", kind="file", roles=WORKERS),
    *several(
        "needs:similar",
        "needs:support returned_need",
        "needs:judge need",
        "needs:receipt_judge receipt",
        "projects:evaluate project",
        "projects:for_need judged_need",
        "activities:link_renew",
        "activities:link_revoke",
        "activities:sign_up activity",
        "activities:step_back activity sign_up",
        "activities:feedback activity",
        "deliberation:vote topic",
        "deliberation:say topic",
        "deliberation:support topic",
        "deliberation:meeting_answer meeting",
        "ballots:openings counted_round",
        "ballots:object counted_round",
        kind="way",
    ),
    *several("deliberation:topic_poster topic", kind="file", roles=WORKERS),
    *several(
        "deliberation:sheets_print topic",
        "deliberation:sheet_find topic",
        "deliberation:point_add meeting",
        "deliberation:point_keep meeting point",
        "deliberation:said_add meeting point",
        "deliberation:said_remove meeting said",
        "deliberation:meeting_rules meeting",
        "deliberation:minutes_ask meeting",
        "deliberation:minutes_take_back meeting",
        "deliberation:bench_answer meeting",
        "deliberation:minutes_correct meeting",
        "deliberation:minutes_publish meeting",
        "deliberation:task_add resolution",
        "deliberation:task_follow resolution task",
        "deliberation:task_finish resolution task",
        "deliberation:task_move resolution task",
        "deliberation:resolution_need resolution",
        "ballots:change round",
        "ballots:step round step",
        "ballots:limit round",
        "ballots:lift round",
        "ballots:count round",
        "ballots:observer round",
        "ballots:answer counted_round objection",
        "ballots:candidate_check round candidate",
        "ballots:candidate_change round candidate",
        "ballots:candidate_withdraw round candidate",
        "ballots:candidate_override round candidate",
        "ballots:candidate_take_back counted_round candidate",
        "ballots:candidate_project round candidate",
        "ballots:papers_print round",
        "ballots:hand_out round",
        "ballots:paper_find round",
        "ballots:paper_spoil round ballot_paper",
        kind="way",
        roles=WORKERS,
    ),
    *several(
        "deliberation:dispute_note dispute",
        "deliberation:dispute_agreement dispute",
        "deliberation:dispute_agree dispute",
        "deliberation:dispute_agreed dispute party",
        "deliberation:dispute_close dispute",
        "deliberation:dispute_hand_over dispute",
        kind="way",
        roles=MEDIATOR,
    ),
    *several(
        "deliberation:topic_change topic",
        "deliberation:topic_open topic",
        "deliberation:topic_reopen topic",
        "deliberation:topic_last_days topic",
        "deliberation:topic_close topic",
        "deliberation:topic_resolve topic",
        "deliberation:topic_seed topic",
        "deliberation:evidence_add topic",
        "deliberation:evidence_remove topic evidence",
        "deliberation:topic_analyse topic",
        "deliberation:moderate topic statement",
        kind="act",
        roles=STAFF,
    ),
    *several(
        "activities:change activity",
        "activities:cancel activity",
        "activities:count activity",
        "activities:arrived activity sign_up",
        "activities:bench_withdraw activity sign_up",
        "activities:report activity",
        "activities:photo_add activity",
        "activities:material_add activity",
        "activities:material_remove activity paper",
        kind="way",
        roles=WORKERS,
    ),
    *several(
        "alliances:plan alliance",
        "alliances:adopt alliance",
        "alliances:discard alliance",
        "alliances:absence alliance",
        "alliances:absence_remove alliance absence",
        "alliances:swap alliance turn",
        "alliances:skip alliance turn",
        "alliances:step_in alliance turn",
        "alliances:hold alliance turn",
        "alliances:announce alliance turn",
        "alliances:join alliance",
        "alliances:figure alliance",
        "alliances:kind alliance",
        "alliances:change alliance",
        "alliances:fill alliance member",
        "alliances:leave alliance member",
        "alliances:weigh alliance member",
        kind="way",
        roles=CONTACT,
    ),
    # there is no such question between two hosts
    *several(
        "alliances:swap_answer alliance no_swap", "alliances:swap_withdraw alliance no_swap", kind="way", roles=()
    ),
    *several("alliances:match_act match act", kind="way", roles=BOTH_SIDES),
    *several("alliances:suggest ask", "alliances:relation_close relation", kind="act", roles=STAFF),
    *several(
        "alliances:kinds_usual",
        "alliances:pool_name pool",
        "alliances:kind_name resource_kind",
        kind="act",
        roles=ADMIN,
    ),
    *several("account_set_password", kind="way", roles=ANYBODY_KNOWN),
    *several(
        "projects:edit project",
        "projects:serve project",
        "projects:choose project",
        "projects:start project",
        "projects:deliver project",
        "projects:drop project",
        "projects:milestone project",
        "projects:photo project",
        kind="way",
        roles=WORKERS,
    ),
    *several("projects:visit project", kind="way", roles=LOOKERS),
    *several("web:size", kind="act"),
    *several(
        "notices:read_all",
        "notices:open notice",
        "notices:read notice",
        "people:erase",
        "people:home",
        kind="act",
        roles=ANYBODY_KNOWN,
    ),
    *several(
        "needs:save_view",
        "needs:delete_view view",
        "needs:suggestion suggestion",
        "needs:bench_photo_show photo",
        "needs:bench_merge need",
        "needs:bench_unmerge need",
        "needs:bench_split need",
        "needs:bench_sort need",
        "needs:bench_assign need",
        "needs:bench_accept need",
        "needs:bench_hand_back need",
        "needs:bench_decline need",
        "needs:bench_pause need",
        "needs:bench_resume need",
        "needs:bench_reply need",
        "needs:bench_look_over need",
        "needs:bench_discuss need",
        "places:add community",
        "places:count community",
        "people:home_answer person",
        kind="act",
        roles=STAFF,
    ),
    *several(
        "notices:retry notice",
        "people:account_password account",
        "people:role_end role",
        "people:organisation_rest organisation",
        "people:token_revoke token",
        kind="act",
        roles=ADMIN,
    ),
]
PAGES = [*PUBLIC, *OWN, *FOR_STAFF]
ADDRESSES = [*PAGES, *WITHOUT_PAGE]


def names_of_ours() -> set[str]:
    """The names of all addresses that the program answers, but those that are looked at elsewhere."""
    return set(_names(get_resolver().url_patterns, ()))


def _names(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            if not set(inner) & ELSEWHERE.keys():
                yield from _names(pattern.url_patterns, inner)
        else:
            yield ":".join((*spaces, pattern.name or repr(pattern.pattern)))
