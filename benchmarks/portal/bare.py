"""What the portal is held against: one ``.get()`` of the ORM and five fields as JSON, no middleware, nothing else.

``python -m benchmarks.portal.bare fill CODES`` makes its table of the codes in a file; granian serves
``benchmarks.portal.bare:application``.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_BARE"]}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)  # fmt: skip
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Business(models.Model):
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=300)
    status = models.CharField(max_length=16)
    address = models.CharField(max_length=300)

    class Meta:
        app_label = "bare"


def one(_request: HttpRequest, code: str) -> HttpResponse:
    row = Business.objects.get(uscc=code)
    return JsonResponse(
        {"id": row.pk, "uscc": row.uscc, "name": row.name, "status": row.status, "address": row.address}
    )


urlpatterns = [path("s/<str:code>", one)]
application = WSGIHandler()


def fill(codes: list[str]) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Business)
    Business.objects.bulk_create(
        (Business(uscc=code, name="云泽市临江区恒达食品有限公司", status="active",
                  address="云泽市临江区江畔街道码头路12号") for code in codes), batch_size=5_000,
    )  # fmt: skip


if __name__ == "__main__" and sys.argv[1:2] == ["fill"]:
    fill(Path(sys.argv[2]).read_text(encoding="utf-8").split())
