"""The WSGI entry point (`gunicorn rammeaftale.wsgi`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rammeaftale.settings")

application = get_wsgi_application()
