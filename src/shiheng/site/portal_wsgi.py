"""The door of the portal that stands on its own: ``shiheng portal`` runs it under granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiheng.site.settings.portal")
application = get_wsgi_application()
