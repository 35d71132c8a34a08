"""The door for a WSGI server: ``shiheng serve`` runs it under granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiheng.site.settings")
application = get_wsgi_application()
