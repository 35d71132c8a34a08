"""Settings of the portal that stands on its own: it knows a folder of published data, and no database at all."""

from shiheng.site.settings import *  # noqa: F403 - everything else is as in the house
from shiheng.site.settings import INSTALLED_APPS as EVERY_APP

ROOT_URLCONF = "shiheng.site.portal_urls"
WSGI_APPLICATION = "shiheng.site.portal_wsgi.application"
# Nobody signs in here, and the rooms' jobs and the lines' declarations stay unloaded: their tables are not here.
INSTALLED_APPS = [app for app in EVERY_APP if not app.startswith(("allauth", "axes", "shiheng.site"))]
DATABASES = {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "shiheng.ui.language.LanguageMiddleware",
    "shiheng.publication.standing.middleware.BudgetMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shiheng.ui.pages.ProblemMiddleware",
]
