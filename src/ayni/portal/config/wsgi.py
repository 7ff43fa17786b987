"""The door for a web server: ``ayni.portal.config.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ayni.portal.config.settings")

application = get_wsgi_application()
