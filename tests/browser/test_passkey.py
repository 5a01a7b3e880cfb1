"""Somebody of staff keeps a passkey on the phone and signs in with it alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import PHONE
from tests.browser.dressing import PASSWORD, sign_in
from tests.browser.site import Site

pytestmark = pytest.mark.browser
# A phone that keeps passkeys and has just seen its owner's finger.
KEEPER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_kept_and_opens_the_workbench(browser: Browser, demo_site: Site) -> None:
    """From the address that the command prints the page leads to the one that has a name, where a passkey works."""
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    page.goto(f"{demo_site.url}/accounts/login/")
    page.get_by_role("link", name="用通行密钥").click()
    named = demo_site.url.replace("127.0.0.1", "localhost")
    expect(page).to_have_url(f"{named}/accounts/login/")
    sign_in(context, Site(url=named, folder=demo_site.folder), "daibiao")
    line = context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": KEEPER})
    page.goto(f"{named}/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form:has(input[name=password]) button").click()
    page.check("input[name=passwordless]")
    page.locator("#mfa_webauthn_add").click()
    expect(page).to_have_url(re.compile("/recovery-codes/"))
    context.clear_cookies()
    page.goto(f"{named}/accounts/login/")
    page.locator("#passkey_login").click()
    expect(page).to_have_url(f"{named}/bench/")
    context.close()
