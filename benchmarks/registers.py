"""A register's list beside a bare Django view of a plain table: any declared register, filtered by a fact and a place.

The plain table has a column for each thing shown, the indexes its filter and order want, and a view of ten lines in
the same server, middleware and sign-in included. ``SHIHENG_BENCH_ENTRIES`` sets how many entries (100,000; the claim is
made for 1,000,000), measured at that size and at 10,000, on SQLite and, where its binaries are, on PostgreSQL.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim

ENTRIES = int(os.environ.get("SHIHENG_BENCH_ENTRIES", "100000"))
SMALL = 10_000
ASKED = 30
SLOWER, GROWTH = 2.5, 1.5
GRADES = ("A", "B", "C", "D")
SCOPES = [f"4499.{district:02}.{station:02}." for district in range(1, 6) for station in range(1, 11)]
REGISTER = "quality.fixed_point"


def run() -> list[Claim]:
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as home:
        claims = _claims("SQLite", _measured(Path(home), ""))
        from tests import postgres

        if postgres.binaries() is None:
            print("  PostgreSQL is missing on this machine: its half is not measured")
            return claims
        cluster = postgres.start()
        try:
            return claims + _claims("PostgreSQL", _measured(Path(home) / "pg", cluster.url))
        finally:
            cluster.stop()


def _measured(home: Path, url: str) -> dict[str, Any]:
    home.mkdir(exist_ok=True)
    names = {"SHIHENG_HOME": str(home), "SHIHENG_DATABASE_URL": url, "SHIHENG_SQLITE_SYNCHRONOUS": "OFF"}
    env = {**os.environ, **names, "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.registers"], env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _claims(database: str, seen: dict[str, Any]) -> list[Claim]:
    claims = []
    for case, sizes in seen.items():
        small, large = sizes[str(SMALL)], sizes[str(ENTRIES)]
        told = f"{database}, {case}: {ENTRIES:,} entries {large['ours']:.1f} ms, bare {large['bare']:.1f} ms"
        print(f"  {told}; {SMALL:,} entries {small['ours']:.1f} ms, bare {small['bare']:.1f} ms")
        bare = large["bare"] * SLOWER
        claims.append(Claim(f"{database}, {case}: list of {ENTRIES:,} in {SLOWER:g} x a bare view", large["ours"], bare,
                            "ms", more_is_better=False))  # fmt: skip
        grown = small["ours"] * GROWTH
        claims.append(Claim(f"{database}, {case}: {ENTRIES:,} in {GROWTH:g} x the time of {SMALL:,}", large["ours"],
                            grown, "ms", more_is_better=False))  # fmt: skip
    return claims


# -- in a process of its own, with a home of its own


def _main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from shiheng.site import loading

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    loading.load_rooms()
    loading.load_lines()
    from shiheng.accounts.models import Account, Office, Post
    from shiheng.kernel import clock

    city = Office.objects.create(code="4499", title="云泽市市场监督管理局", kind="city", path="4499.")
    for n, path in enumerate([f"4499.{district:02}." for district in range(1, 6)] + SCOPES):
        kind = "district" if path.count(".") == 2 else "station"
        Office.objects.create(code=f"4499{n:04}", title=f"第{n}号监管单位", kind=kind, path=path)
    account = Account.objects.create(username="shi", name="史诚", kind="officer", created_at=clock.now(), password="!")
    Post.objects.create(account=account, office=city, role="city_official", since=date(2024, 1, 1))
    bare = _bare_model()
    found: dict[str, dict[str, Any]] = {}
    for size, first in ((SMALL, 0), (ENTRIES, SMALL)):
        _fill(first, size, bare)
        for case, query in CASES.items():
            found.setdefault(case, {})[str(size)] = _timed(account, bare, query)
    print(json.dumps(found))


CASES = {
    "one grade of one station": {"f-grade": "B", "office": SCOPES[7]},
    "one grade of the city": {"f-grade": "B"},
    "a rare product of a district": {"f-product": "产品17", "office": "4499.02."},
    "everything by its end": {"sort": "until"},
}


def _bare_model() -> Any:
    from django.db import connection, models

    from shiheng.accounts.jurisdictions import ScopeField

    class Plain(models.Model):
        firm = models.CharField(max_length=300)
        uscc = models.CharField(max_length=18)
        product = models.CharField(max_length=60)
        grade = models.CharField(max_length=8)
        officer = models.CharField(max_length=30)
        cycle = models.IntegerField()
        state = models.CharField(max_length=24)
        until = models.DateField(null=True)
        scope = ScopeField(db_index=False)

        class Meta:
            app_label = "registers"
            indexes = [
                models.Index(fields=["grade", "scope"], name="plain_grade"),
                models.Index(fields=["product", "scope"], name="plain_product"),
                models.Index(fields=["until", "id"], name="plain_until"),
            ]

    with connection.schema_editor() as editor:
        editor.create_model(Plain)
    return Plain


def _fill(first: int, last: int, bare: Any) -> None:
    """Entries, their index and the plain table, from ``first`` to ``last``; written in bulk."""
    from shiheng.columnar import frames
    from shiheng.kernel import clock
    from shiheng.registers.models import Entry, Indexed
    from shiheng.subjects.models import Subject

    now, day, since = clock.now(), date(2026, 1, 1), date(2020, 1, 1)
    step = 10_000
    from django.db import connection, transaction

    for begin in range(first, last, step):
        numbers = range(begin + 1, min(begin + step, last) + 1)
        with transaction.atomic():
            Subject.objects.bulk_create(
                [
                    Subject(id=n, mint_key=f"k{n}", scope=_scope(n), name=f"第{n:07}号企业", uscc=f"91449900{n:010}",
                            updated_on=day)
                    for n in numbers
                ],
                batch_size=2_000,
            )  # fmt: skip
            Entry.objects.bulk_create(
                [
                    Entry(id=n, register=REGISTER, version=date(2014, 1, 1), subject_id=n, key=f"{n}|{_product(n)}",
                          title=f"第{n:07}号企业", state="on", since=since, until=_until(n), scope=_scope(n),
                          facts={"product": _product(n), "grade": _grade(n), "officer": "查宁", "cycle": n % 4 + 1},
                          entered_on=day, changed_at=now)
                    for n in numbers
                ],
                batch_size=2_000,
            )  # fmt: skip
            names = ["entry", "register", "field", "text", "number", "day", "scope"]
            rows = [
                (n, REGISTER, name, text, None if name != "cycle" else n % 4 + 1, None, _scope(n))
                for n in numbers
                for name, text in (("product", _product(n)), ("grade", _grade(n)), ("cycle", str(n % 4 + 1)))
            ]
            frames.insert(Indexed, names, rows)
            bare.objects.bulk_create(
                [
                    bare(id=n, firm=f"第{n:07}号企业", uscc=f"91449900{n:010}", product=_product(n), grade=_grade(n),
                         officer="查宁", cycle=n % 4 + 1, state="on", until=_until(n), scope=_scope(n))
                    for n in numbers
                ],
                batch_size=2_000,
            )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")


def _scope(n: int) -> str:
    return SCOPES[n * 7919 % len(SCOPES)]


def _grade(n: int) -> str:
    return GRADES[n * 104729 % 97 % 4]


def _product(n: int) -> str:
    return f"产品{n * 31 % 997}"


def _until(n: int) -> date:
    return date(2026, 1, 1) + timedelta(days=n * 17 % 2000)


def _bare_view(bare: Any) -> Any:
    from django.http import HttpResponse
    from django.template import engines

    from shiheng.accounts.doors import signed_in
    from shiheng.accounts.jurisdictions import after

    page = engines["django"].from_string(
        "<!doctype html><title>plain</title><table><tr>{% for h in heads %}<th>{{ h }}{% endfor %}</tr>"
        '{% for row in rows %}<tr><td><a href="/x/{{ row.id }}">{{ row.firm }}</a><td>{{ row.product }}'
        "<td>{{ row.grade }}<td>{{ row.officer }}"
        "<td>{{ row.cycle }}<td>{{ row.state }}<td>{{ row.until }}</tr>{% endfor %}</table><p>{{ count }}"
    )

    @signed_in
    def view(request: Any) -> Any:
        rows = bare.objects.all()
        if value := request.GET.get("f-grade"):
            rows = rows.filter(grade=value)
        if value := request.GET.get("f-product"):
            rows = rows.filter(product=value)
        if value := request.GET.get("office"):
            rows = rows.filter(scope__gte=value, scope__lt=after(value))
        count = rows.order_by()[:1001].count()
        rows = rows.order_by("until", "id") if request.GET.get("sort") else rows.order_by("-id")
        heads = ("主体", "监管产品", "监管等级", "责任监管员", "每年巡查次数", "状态", "有效期止")
        return HttpResponse(page.render({"rows": list(rows[:50]), "count": count, "heads": heads}, request))

    return view


def _timed(account: Any, bare: Any, query: dict[str, str]) -> dict[str, float]:
    """Milliseconds at best of each, turn about, so that whatever else the machine does meets both."""
    from django.test import Client, override_settings
    from django.urls import path, reverse

    from shiheng.site import urls

    class Both:
        urlpatterns = [path("bare/", _bare_view(bare)), *urls.urlpatterns]
        handler404 = urls.handler404

    client = Client()
    client.force_login(account)
    with override_settings(ROOT_URLCONF=Both, ALLOWED_HOSTS=["*"]):
        ours = reverse("register", args=[REGISTER])
        best: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(ASKED):
            for name, url in (("ours", ours), ("bare", "/bare/")):
                began = time.perf_counter()
                got = client.get(url, query)
                best[name].append((time.perf_counter() - began) * 1000)
                if got.status_code != 200 or got.content.count(b"<tr") < 2:
                    raise RuntimeError(f"{url} {query}: {got.status_code}")
    return {name: sorted(times)[len(times) // 2] for name, times in best.items()}


if __name__ == "__main__":
    _main()
