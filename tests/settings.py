"""Settings of the test suite: the real ones over a throw-away data folder, with quick passwords and inline tasks."""

import os
import tempfile

os.environ.setdefault("YITING_DATA_DIR", tempfile.mkdtemp(prefix="yiting-tests-"))
os.environ.setdefault("YITING_DEBUG", "0")

from yiting.web.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
YITING_SMS_SENDER = "yiting.people.senders.ConsoleSender"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
