"""The WSGI entry point (`gunicorn rammeaftale.wsgi`)."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rammeaftale.settings")
django.setup(set_prefix=False)

# Middleware and views can be imported only when settings and applications are ready.
from django.conf import settings  # noqa: E402

from core.template_loader import read_all_templates  # noqa: E402
from core.wsgi import PortalHandler  # noqa: E402

application = PortalHandler()
# Loaded now, before gunicorn forks, instead of in each worker while a visitor waits.
import_module(settings.ROOT_URLCONF)
read_all_templates()
