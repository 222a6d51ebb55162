"""The WSGI entry point (`gunicorn rammeaftale.wsgi`)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rammeaftale.settings")
django.setup(set_prefix=False)

# Importing middleware asks for settings and applications that are ready.
from core.wsgi import PortalHandler  # noqa: E402

application = PortalHandler()
