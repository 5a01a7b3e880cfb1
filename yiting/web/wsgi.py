"""The WSGI entry point."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiting.web.settings")
application = get_wsgi_application()
# the first visitor of a server process should not wait for its pages to be loaded
import_module("yiting.web.urls")
