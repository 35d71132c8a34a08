"""The desk and a dossier beside bare Django views that show the same rows and columns from plain tables.

The plain tables have a column for each thing shown and the indexes their orders want; their views are a few lines in
the same server, middleware and sign-in included. ``python -m benchmarks.desk`` measures what the claim is made for,
1,000,000 businesses and 200,000 files beside 10,000 and 2,000; ``--small`` measures 4,000 files beside 200 in a minute.
Among all benchmarks ``SHIHENG_BENCH_FILES`` sets how many files (20,000), measured at that size and at a hundredth. On
SQLite and, where its binaries are, on PostgreSQL; each figure is printed with its ratio.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim

FILES = int(os.environ.get("SHIHENG_BENCH_FILES", "20000"))
SMALL = max(FILES // 100, 200)
FIRMS = 5
ASKED = 30
SLOWER, GROWTH = 2.5, 1.5
PASSAGES = 6
SCOPES = [f"4499.{district:02}.{station:02}." for district in range(1, 6) for station in range(1, 11)]
CODE = "complaints.complaint"
STEP = 5_000


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
    names["SHIHENG_BENCH_FILES"] = str(FILES)
    env = {**os.environ, **names, "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.desk", "--measure"], env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _claims(database: str, seen: dict[str, Any]) -> list[Claim]:
    claims = []
    for case, sizes in seen.items():
        small, large = sizes["small"], sizes["large"]
        slower, growth = large["ours"] / large["bare"], large["ours"] / small["ours"]
        print(
            f"  {database}, {case}: {FILES:,} files {large['ours']:.1f} ms, bare {large['bare']:.1f} ms: {slower:.2f} x"
        )
        print(f"    {SMALL:,} files {small['ours']:.1f} ms, bare {small['bare']:.1f} ms; grown {growth:.2f} x")
        claims.append(Claim(f"{database}, {case}: in {SLOWER:g} x a bare view", large["ours"], large["bare"] * SLOWER,
                            "ms", more_is_better=False))  # fmt: skip
        claims.append(Claim(f"{database}, {case}: {FILES:,} files in {GROWTH:g} x the time of {SMALL:,}",
                            large["ours"], small["ours"] * GROWTH, "ms", more_is_better=False))  # fmt: skip
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
    files, passages = _bare_models()
    found: dict[str, dict[str, Any]] = {}
    for name, first, last in (("small", 0, SMALL), ("large", SMALL, FILES)):
        _fill(first, last, account.pk, files, passages)
        for case, (ours, bare, query) in _cases(last).items():
            found.setdefault(case, {})[name] = _timed(account, files, passages, ours, bare, query)
    print(json.dumps(found))


def _cases(size: int) -> dict[str, tuple[str, str, dict[str, str]]]:
    number = size // 2
    return {
        "the desk, what falls due first": ("/files/", "/bare/", {}),
        "the desk, mine": ("/files/", "/bare/", {"mine": "1"}),
        "the desk, late ones of one station": ("/files/", "/bare/", {"late": "1", "office": SCOPES[7]}),
        "a dossier": (f"/files/{number}/", f"/bare/{number}/", {}),
    }


def _bare_models() -> tuple[Any, Any]:
    from django.db import connection, models

    from shiheng.accounts.jurisdictions import ScopeField

    class PlainFile(models.Model):
        number = models.CharField(max_length=80)
        title = models.CharField(max_length=300)
        procedure = models.CharField(max_length=60)
        firm = models.CharField(max_length=300)
        state = models.CharField(max_length=32)
        officer = models.IntegerField()
        officer_name = models.CharField(max_length=60)
        due = models.DateField(null=True)
        ended = models.BooleanField(default=False)
        received = models.DateField()
        scope = ScopeField(db_index=False)
        story = models.TextField()

        class Meta:
            app_label = "procedures"
            indexes = [
                models.Index(fields=["ended", "due", "id", "scope"], name="plain_file_due"),
                models.Index(fields=["officer", "ended", "due", "id"], name="plain_file_mine"),
            ]

    class PlainPassage(models.Model):
        file = models.IntegerField(db_index=True)
        title = models.CharField(max_length=60)
        day = models.DateField()
        at = models.DateTimeField()
        by = models.CharField(max_length=60)
        told = models.CharField(max_length=500)
        due = models.DateField(null=True)

        class Meta:
            app_label = "procedures"

    with connection.schema_editor() as editor:
        editor.create_model(PlainFile)
        editor.create_model(PlainPassage)
    return PlainFile, PlainPassage


def _fill(first: int, last: int, account: int, files: Any, passages: Any) -> None:
    """Files with their passages and clocks, and the plain tables; written in bulk."""
    from django.db import connection, transaction

    from shiheng.kernel import clock
    from shiheng.procedures.models import Clock, Passage, Proceeding
    from shiheng.subjects.models import Subject

    now, today = clock.now(), clock.today()
    opening = {"summary": "三天就坏", "channel": "counter", "kind": "质量", "story": "三天就坏。", "claims": ["退款"]}
    steps: list[tuple[str, dict[str, Any]]] = [("open", opening), ("accept", {"told_by": "短信"})]
    while len(steps) < PASSAGES:
        steps += [
            ("appraise", {"laboratory": "所", "chosen": "双方协商", "document": "鉴 1"}),
            ("appraised", {"result": "合格"}),
        ]
    steps = steps[:PASSAGES]
    for begin in range(first, last, STEP):
        numbers = range(begin + 1, min(begin + STEP, last) + 1)
        with transaction.atomic():
            firms = range(begin * FIRMS + 1, numbers[-1] * FIRMS + 1)
            Subject.objects.bulk_create(
                [Subject(id=n, mint_key=f"k{n}", scope=_scope(n), name=f"第{n:07}号企业", uscc=f"91449900{n:010}",
                         updated_on=today) for n in firms],
                batch_size=2_000,
            )  # fmt: skip
            made, rows, clocks, plain, told = [], [], [], [], []
            for n in numbers:
                ended, due = n % 4 > 0, today + timedelta(days=n * 17 % 70 - 10)
                received = today - timedelta(days=n * 13 % 50 + 20)
                mine = account if n % 50 == 0 else None
                state = "settled" if ended else "accepted"
                made.append(
                    Proceeding(
                        id=n,
                        procedure=CODE,
                        version=date(2026, 4, 15),
                        number=f"云市监投诉〔2026〕{n}号",
                        title="三天就坏",
                        subject_id=n * FIRMS,
                        scope=_scope(n),
                        officer_id=mine,
                        officer_name="史诚" if mine else "李窗",
                        state=state,
                        ended=ended,
                        received_on=received,
                        opened_at=now,
                        due=None if ended else due,
                        due_limit="" if ended else "mediation",
                        facts=opening,
                        changed_at=now,
                        turn=PASSAGES,
                    )
                )
                plain.append(
                    files(
                        id=n,
                        number=f"云市监投诉〔2026〕{n}号",
                        title="三天就坏",
                        procedure="消费者投诉",
                        firm=f"第{n * FIRMS:07}号企业",
                        state="已受理",
                        officer=mine or 0,
                        officer_name="李窗",
                        due=None if ended else due,
                        ended=ended,
                        received=received,
                        scope=_scope(n),
                        story="三天就坏。",
                    )
                )
                for place, (step, facts) in enumerate(steps, start=1):
                    day = received + timedelta(days=place)
                    rows.append(
                        Passage(
                            proceeding_id=n,
                            number=place,
                            step=step,
                            day=day,
                            at=_at(day),
                            actor="x",
                            by="李窗",
                            facts=facts,
                        )
                    )
                    told.append(
                        passages(
                            file=n,
                            title=step,
                            day=day,
                            at=_at(day),
                            by="李窗",
                            told="；".join(f"{name}：{value}" for name, value in facts.items()),
                            due=due,
                        )
                    )
                clocks.append(
                    Clock(proceeding_id=n, limit="mediation", started_on=received, due=due, running=not ended)
                )
            Proceeding.objects.bulk_create(made, batch_size=1_000)
            Passage.objects.bulk_create(rows, batch_size=1_000)
            Clock.objects.bulk_create(clocks, batch_size=1_000)
            files.objects.bulk_create(plain, batch_size=1_000)
            passages.objects.bulk_create(told, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")


def _at(day: date) -> datetime:
    from shiheng.kernel.clock import SHANGHAI

    return datetime(day.year, day.month, day.day, 15, tzinfo=SHANGHAI)


def _scope(n: int) -> str:
    return SCOPES[n * 7919 % len(SCOPES)]


def _bare_views(files: Any, passages: Any) -> tuple[Any, Any]:
    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404
    from django.template import engines

    from shiheng.accounts.doors import signed_in
    from shiheng.accounts.jurisdictions import after
    from shiheng.kernel import clock

    page = engines["django"].from_string(
        "<!doctype html><title>plain</title><table><tr>{% for h in heads %}<th>{{ h }}{% endfor %}</tr>"
        '{% for row in rows %}<tr><td><a href="/x/{{ row.id }}">{{ row.number }}</a><td>{{ row.title }}'
        "<td>{{ row.procedure }}<td>{{ row.firm }}<td>{{ row.state }}<td>{{ row.due }}<td>{{ row.officer_name }}</tr>"
        "{% endfor %}</table><p>{{ count }} {{ counts }}"
    )
    one = engines["django"].from_string(
        "<!doctype html><title>plain</title><h1>{{ file.title }}</h1><p>{{ file.number }} {{ file.firm }}"
        "<p>{{ file.due }}"
        "<p>{{ file.story }}<table>{% for row in rows %}<tr><td>{{ row.title }}<td>{{ row.day }}<td>{{ row.at }}"
        "<td>{{ row.by }}<td>{{ row.told }}<td>{{ row.due }}</tr>{% endfor %}</table>"
    )

    @signed_in
    def desk(request: Any) -> Any:
        today, rows = clock.today(), files.objects.filter(ended=False)
        own = rows.filter(officer=request.who.account_id)
        late = rows.filter(due__lt=today)
        counts = [own.count(), own.filter(due__lt=today).count(), late.count()]
        counts.append(rows.filter(due__gte=today, due__lte=today + timedelta(days=3)).count())
        if request.GET.get("mine"):
            rows = own
        if request.GET.get("late"):
            rows = rows.filter(due__lt=today)
        if value := request.GET.get("office"):
            rows = rows.filter(scope__gte=value, scope__lt=after(value))
        count = rows.order_by()[:1001].count()
        heads = ("编号", "名称", "程序", "主体", "状态", "期限", "承办人")
        shown = list(rows.order_by("due", "id")[:50])
        return HttpResponse(page.render({"rows": shown, "count": count, "counts": counts, "heads": heads}, request))

    @signed_in
    def dossier(request: Any, number: int) -> Any:
        held = get_object_or_404(files, pk=number)
        return HttpResponse(one.render({"file": held, "rows": passages.objects.filter(file=number)}, request))

    return desk, dossier


def _timed(account: Any, files: Any, passages: Any, ours: str, bare: str, query: dict[str, str]) -> dict[str, float]:
    """Milliseconds in the middle of each, turn about, so that whatever else the machine does meets both."""
    from django.test import Client, override_settings
    from django.urls import path

    from shiheng.site import urls

    desk, dossier = _bare_views(files, passages)

    class Both:
        urlpatterns = [path("bare/", desk), path("bare/<int:number>/", dossier), *urls.urlpatterns]
        handler404 = urls.handler404

    client = Client()
    client.force_login(account)
    best: dict[str, list[float]] = {"ours": [], "bare": []}
    with override_settings(ROOT_URLCONF=Both, ALLOWED_HOSTS=["*"]):
        for _ in range(ASKED):
            for name, url in (("ours", ours), ("bare", bare)):
                began = time.perf_counter()
                got = client.get(url, query)
                best[name].append((time.perf_counter() - began) * 1000)
                if got.status_code != 200:
                    raise RuntimeError(f"{url} {query}: {got.status_code}")
    return {name: sorted(times)[len(times) // 2] for name, times in best.items()}


def _command() -> int:
    """The claim at its own size, or a quick look; 1 where a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="4,000 files instead of 200,000")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        _main()
        return 0
    module = sys.modules[__name__]
    files = 4_000 if options.small else 200_000
    module.FILES, module.SMALL = files, max(files // 100, 200)  # type: ignore[attr-defined]
    claims = run()
    for claim in claims:
        print(claim)
    return 0 if all(claim.kept for claim in claims) else 1


if __name__ == "__main__":
    sys.exit(_command())
