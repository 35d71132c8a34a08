"""The desk and a dossier beside bare Django views that show the same rows and columns from plain tables.

What the plain side does, and what it has easier, stands in ``benchmarks._plain_files``: same server, sign-in, frame of
the page, rows and columns. Printed beside it, without a claim: the same views without the frame, a table on a page.
``python -m benchmarks.desk`` measures what the claim is made for, 1,000,000 businesses and 200,000 files beside 10,000
and 2,000; ``--small`` measures 4,000 files beside 200 in a minute. Among all benchmarks ``SHIHENG_BENCH_FILES`` sets
how many files (20,000), measured at that size and at a hundredth. On SQLite and, where its binaries are, on PostgreSQL.
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
ASKED, WARM = 40, 10
SLOWER, GROWTH = 2.5, 1.5
PASSAGES = 6
SCOPES = [f"4499.{district:02}.{station:02}." for district in range(1, 6) for station in range(1, 11)]
CODE = "complaints.complaint"
STEP = 5_000
MINE = 4_000  # of so many every twentieth is one officer's: he has not more because the city is larger
WORKING = "自2026-11-04起（当日不计）7个工作日，2026-11-13届满。依据：《市场监督管理投诉举报处理办法》第十五条。"


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
        growth = large["ours"] / small["ours"]
        for files, took in ((FILES, large), (SMALL, small)):
            ours, bare, naked = took["ours"], took["bare"], took["naked"]
            print(f"  {database}, {case}, {files:,} files: {ours:.1f} ms; bare {bare:.1f} ms, {ours / bare:.2f} x; "
                  f"without the frame {naked:.1f} ms, {ours / naked:.2f} x")  # fmt: skip
        print(f"    grown {growth:.2f} x")
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
    from benchmarks import _plain_files

    account = Account.objects.create(username="shi", name="史诚", kind="officer", created_at=clock.now(), password="!")
    Post.objects.create(account=account, office=city, role="city_official", since=date(2024, 1, 1))
    plain = _plain_files.tables()
    _plain_files.fill_choices(plain, CODE, "accepted")
    views = {"bare": _plain_files.views(plain, framed=True), "naked": _plain_files.views(plain, framed=False)}
    found: dict[str, dict[str, Any]] = {}
    for name, first, last in (("small", 0, SMALL), ("large", SMALL, FILES)):
        _fill(first, last, account.pk, plain)
        for case, (place, query) in _cases(last).items():
            found.setdefault(case, {})[name] = _timed(account, views, place, query)
    print(json.dumps(found))


def _cases(size: int) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        "the desk, what falls due first": ("", {}),
        "the desk, mine": ("", {"mine": "1"}),
        "the desk, late ones of one station": ("", {"late": "1", "office": SCOPES[7]}),
        "a dossier": (f"{size // 2}/", {}),
    }


def _fill(first: int, last: int, account: int, plain: Any) -> None:
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
            made, rows, clocks, files, told, counted = [], [], [], [], [], []
            for n in numbers:
                ended, due = n % 4 > 0, today + timedelta(days=n * 17 % 70 - 10)
                received = today - timedelta(days=n * 13 % 50 + 20)
                mine = account if n % 20 == 0 and n <= MINE else None
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
                files.append(
                    plain.File(
                        id=n,
                        number=f"云市监投诉〔2026〕{n}号",
                        title="三天就坏",
                        procedure="消费者投诉",
                        firm=f"第{n * FIRMS:07}号企业",
                        firm_id=n * FIRMS,
                        state="accepted",
                        officer=mine or 0,
                        officer_name="李窗",
                        due=None if ended else due,
                        ended=ended,
                        received=received,
                        scope=_scope(n),
                        facts={"投诉事项": "三天就坏", "接收渠道": "来访", "问题类别": "质量", "事实经过": "三天就坏。",
                               "投诉请求": "退款"},
                    )
                )  # fmt: skip
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
                        plain.Passage(
                            file=n,
                            title=step,
                            day=day,
                            at=_at(day),
                            by="李窗",
                            told=[(name, str(value)) for name, value in facts.items()] if step != "open" else [],
                        )
                    )
                clocks.append(
                    Clock(proceeding_id=n, limit="mediation", started_on=received, due=due, running=not ended)
                )
                last_day = received + timedelta(days=66)
                counted += [
                    plain.Clock(file=n, title="调解", start=received + timedelta(days=2), due=last_day, workdays=False,
                                words=WORKING * 2),
                    plain.Clock(file=n, title="决定是否受理并告知", start=received + timedelta(days=1),
                                due=received + timedelta(days=10), workdays=True, words=WORKING),
                ]  # fmt: skip
            Proceeding.objects.bulk_create(made, batch_size=1_000)
            Passage.objects.bulk_create(rows, batch_size=1_000)
            Clock.objects.bulk_create(clocks, batch_size=1_000)
            plain.File.objects.bulk_create(files, batch_size=1_000)
            plain.Passage.objects.bulk_create(told, batch_size=1_000)
            plain.Clock.objects.bulk_create(counted, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")


def _at(day: date) -> datetime:
    from shiheng.kernel.clock import SHANGHAI

    return datetime(day.year, day.month, day.day, 15, tzinfo=SHANGHAI)


def _scope(n: int) -> str:
    return SCOPES[n * 7919 % len(SCOPES)]


def _timed(account: Any, views: dict[str, tuple[Any, Any]], place: str, query: dict[str, str]) -> dict[str, float]:
    """Milliseconds in the middle of each, turn about, so that whatever else the machine does meets all three."""
    from django.test import Client, override_settings
    from django.urls import path

    from shiheng.site import urls

    class Together:
        urlpatterns = [
            *(path(f"{name}/", desk) for name, (desk, _dossier) in views.items()),
            *(path(f"{name}/<int:number>/", dossier) for name, (_desk, dossier) in views.items()),
            *urls.urlpatterns,
        ]
        handler404 = urls.handler404

    client = Client()
    client.force_login(account)
    asked = {"ours": f"/files/{place}", **{name: f"/{name}/{place}" for name in views}}
    took: dict[str, list[float]] = {name: [] for name in asked}
    with override_settings(ROOT_URLCONF=Together, ALLOWED_HOSTS=["*"]):
        for _ in range(ASKED + WARM):
            for name, url in asked.items():
                began = time.perf_counter()
                got = client.get(url, query)
                took[name].append((time.perf_counter() - began) * 1000)
                if got.status_code != 200 or b"<h1>" not in got.content:
                    raise RuntimeError(f"{url} {query}: {got.status_code}")
    return {name: min(times[WARM:]) for name, times in took.items()}


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
