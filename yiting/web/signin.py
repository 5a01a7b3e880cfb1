"""Signing in through others: which providers the environment names, and what Django then needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

WEIXIN_ORIGIN = "https://open.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class Providers:
    """Applications to install, their settings for django-allauth, and the origins that a form may lead to."""

    apps: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)


def providers(environ: Mapping[str, str]) -> Providers:
    """Read the providers: OIDC (a province's sign-on, say) and WeChat, each only when fully named.

    OIDC: YITING_OIDC_SERVER, YITING_OIDC_CLIENT_ID, YITING_OIDC_SECRET, and YITING_OIDC_NAME for its button.
    WeChat: YITING_WEIXIN_APP_ID and YITING_WEIXIN_SECRET.
    """
    found = Providers()
    server, client = environ.get("YITING_OIDC_SERVER", ""), environ.get("YITING_OIDC_CLIENT_ID", "")
    if server and client:
        found.apps.append("allauth.socialaccount.providers.openid_connect")
        found.settings["openid_connect"] = {
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": ["openid"],  # who it is, and nothing else about them
            "APPS": [
                {
                    "provider_id": "office",
                    "name": environ.get("YITING_OIDC_NAME") or urlsplit(server).hostname or server,
                    "client_id": client,
                    "secret": environ.get("YITING_OIDC_SECRET", ""),
                    "settings": {"server_url": server},
                }
            ],
        }
        found.origins.append(f"{urlsplit(server).scheme}://{urlsplit(server).netloc}")
    weixin, secret = environ.get("YITING_WEIXIN_APP_ID", ""), environ.get("YITING_WEIXIN_SECRET", "")
    if weixin and secret:
        found.apps.append("allauth.socialaccount.providers.weixin")
        found.settings["weixin"] = {"APPS": [{"client_id": weixin, "secret": secret}]}
        found.origins.append(WEIXIN_ORIGIN)
    return found
