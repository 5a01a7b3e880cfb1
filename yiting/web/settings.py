"""Settings, from the environment only; each has an effect and stands in docs/reference/settings.md."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from yiting.web import keys, signin

BASE_DIR = Path(__file__).resolve().parent.parent


def env_flag(name: str, *, default: bool) -> bool:
    """Read a yes/no setting: 1, true, yes and on mean yes."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


# --- where things are kept -------------------------------------------------------------------------------------
YITING_DATA_DIR = Path(os.environ.get("YITING_DATA_DIR") or Path.home() / ".local" / "share" / "yiting").expanduser()
keys.prepare(YITING_DATA_DIR)

SECRET_KEY = os.environ.get("YITING_SECRET_KEY") or keys.secret(YITING_DATA_DIR, "django", secrets.token_urlsafe(50))
YITING_KEYS = keys.cipher_keys(YITING_DATA_DIR)
YITING_INDEX_KEY = keys.secret(YITING_DATA_DIR, "index", secrets.token_urlsafe(48)).encode()
YITING_LEDGER_KEY = YITING_DATA_DIR / "keys" / "ledger.pem"

# --- how it is served ------------------------------------------------------------------------------------------
DEBUG = env_flag("YITING_DEBUG", default=False)
_demo = YITING_DATA_DIR / "demo"  # made by `yiting demo`: holds how many days its clock is behind
DEMO = _demo.exists()
CLOCK_BEHIND = timedelta(days=int(_demo.read_text().strip() or 0) if DEMO else 0)
ALLOWED_HOSTS = [h for h in os.environ.get("YITING_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("YITING_ORIGINS", "").split(",") if o]
YITING_PUBLIC_URL = os.environ.get("YITING_PUBLIC_URL", "").rstrip("/")
YITING_HTTPS = env_flag("YITING_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = YITING_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if YITING_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if YITING_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ROOT_URLCONF = "yiting.web.urls"
WSGI_APPLICATION = "yiting.web.wsgi.application"
CSRF_FAILURE_VIEW = "yiting.web.views.csrf_failure"

INSTALLED_APPS = [
    "yiting.web",
    "yiting.places",
    "yiting.people",
    "yiting.ledger",
    "yiting.notices",
    "yiting.activities",
    "yiting.needs",
    "yiting.deliberation",
    "yiting.projects",
    "yiting.ballots",
    "yiting.alliances",
    "yiting.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "yiting.web.middleware.PlainQueryMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yiting.web.middleware.ActorMiddleware",
    "yiting.web.middleware.AccessMiddleware",
    "yiting.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yiting.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "yiting.web.templatetags.look",
            ],
        },
    },
]

# --- data ------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{YITING_DATA_DIR / 'yiting.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so that no upgrade can fail.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = YITING_DATA_DIR / "files"
MEDIA_URL = "/files/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- signing in ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:me"
LOGOUT_REDIRECT_URL = "needs:home"
SESSION_SERIALIZER = "yiting.people.sessions.SealedSerializer"

# Names and passwords, or telephone numbers and codes; an e-mail address is neither asked for nor kept.
ACCOUNT_ADAPTER = "yiting.people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "phone", "password1"]  # the form itself asks for the number alone
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # old hands take their time
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {
    "numeric": True,
    "dashed": False,
    "length": 6,
}
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/m/ip,10/5m/key",
    "request_login_code": "20/m/ip,3/m/key",
    "verify_phone": "1/30s/key,20/m/ip",  # a whole community hall may share one address
    "change_phone": "5/m/user",
}
ACCOUNT_FORMS = {
    "login": "yiting.people.forms.signin.LoginForm",
    "signup": "yiting.people.forms.signin.SignupForm",
    "confirm_login_code": "yiting.people.forms.signin.ConfirmCodeForm",
    "verify_phone": "yiting.people.forms.signin.VerifyPhoneForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("YITING_PROXIES", "0"))

MFA_ADAPTER = "yiting.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO

# Signing in through others, each only when the environment names it.
SOCIALACCOUNT_ADAPTER = "yiting.people.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
_providers = signin.providers(os.environ)
INSTALLED_APPS += _providers.apps
SOCIALACCOUNT_PROVIDERS = _providers.settings

# Five wrong passwords for one account from one address close that door for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "phone"]
AXES_USERNAME_CALLABLE = "yiting.people.lockout.lockout_name"
AXES_CLIENT_IP_CALLABLE = "yiting.people.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "yiting.people.lockout.locked_out"

# --- work that can wait ----------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": os.environ.get("YITING_TASKS", "django_tasks_db.DatabaseBackend")}}

# --- language and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("YITING_TIME_ZONE", "Asia/Shanghai")

# --- static files and what a page may load ---------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = YITING_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *_providers.origins],
    }
}

# --- texts and messages ----------------------------------------------------------------------------------------
YITING_SMS_SENDER = os.environ.get("YITING_SMS_SENDER", "yiting.people.senders.ConsoleSender")
EMAIL_BACKEND = os.environ.get("YITING_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "yiting": {"handlers": ["console"], "level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING"},
        "axes": {"handlers": ["console"], "level": "WARNING"},
    },
}
