"""The addresses of signing in: django-allauth's own, without those that are about e-mail."""

from allauth.account.urls import urlpatterns as account_patterns
from allauth.urls import build_provider_urlpatterns
from django.urls import include, path

ABOUT_EMAIL = {
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

urlpatterns = [
    path("", include([pattern for pattern in account_patterns if pattern.name not in ABOUT_EMAIL])),
    path("2fa/", include("allauth.mfa.urls")),
    path("others/", include("allauth.socialaccount.urls")),
    *build_provider_urlpatterns(),
]
