"""A million subjects over thirty stations: every page about them is read by index, and all ways to them agree."""

import csv
import io
import logging
import os
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

log = logging.getLogger(__name__)

COUNT = int(os.environ.get("SHIHENG_TEST_SUBJECTS", 1_000_000))
QUARANTINED = COUNT // 5
BATCHES = COUNT // 100
FIRST = 10_000_000
STATIONS = [f"4499.{district:02d}.{n:02d}." for district in (1, 2) for n in range(11, 26)]
STATUSES = ("active",) * 85 + ("deregistered",) * 10 + ("revoked",) * 4 + ("suspended",)
# Batches are few: a file a day from each department is not yet twenty thousand a year.
BIG = ("subjects_subject", "subjects_identifier", "subjects_record", "fusion_quarantined", "fusion_link")
SORTS = (
    "",
    *(f"sort={sign}{key}" for key in ("name", "uscc", "established", "capital") for sign in ("", "-")),
)
FILTERS = (
    "status=suspended", "status=active", "kind=individual", f"office={STATIONS[0]}", "capital_from=9900000",
    "established_from=2019-03-01&established_to=2019-03-02", "status=revoked&kind=enterprise&sort=-established",
)  # fmt: skip
DEEP = ("page=150", "page=150&sort=-established")
LISTS = {
    "/subjects/": (*SORTS, *FILTERS, *DEEP),
    "/quarantine/": ("", "sort=row", "sort=-batch", "state=mended", "source=food_permits", f"batch={FIRST + 5}"),
    "/batches/": ("", "sort=rows_in", "state=refused", "source=food_permits", "day_from=2026-03-01&day_to=2026-03-03"),
}


def code_of(number: int) -> str:
    """A made code: eighteen characters, one a subject."""
    return f"9144{number:014d}"


def _subjects() -> Iterator[tuple[Any, ...]]:
    draw = random.Random(11)
    for n, name in enumerate(factories.names(COUNT, seed=11)):
        number = FIRST + n
        yield (
            number, f"made:{number}", STATIONS[n % 30], name, code_of(number),
            "enterprise" if n // 30 % 3 == 0 else "individual", STATUSES[draw.randrange(100)],
            date(2000, 1, 1) + timedelta(days=draw.randrange(9_000)), draw.randrange(1, 1_000_000_000), True,
            date(2026, 3, 1), {}, "", "陈立本", "江畔街道码头路12号", "", "",
        )  # fmt: skip


SUBJECT = (
    "id", "mint_key", "scope", "name", "uscc", "kind", "status", "established", "capital_fen", "live", "updated_on",
    "fields", "capital_currency", "representative", "address", "region", "industry",
)  # fmt: skip


def _batches(file: str, size: int) -> Iterator[tuple[Any, ...]]:
    from shiheng.kernel import clock

    now = clock.now().isoformat()
    for n in range(BATCHES):
        state, source = ("refused" if n % 50 == 0 else "published"), ("food_permits" if n % 40 == 0 else "register")
        yield (
            FIRST + n, source, "1.0.0", uuid4().hex, file, f"{source}-{n}.csv", size, "csv", "utf-8",
            f"4499.{1 + n % 2:02d}.", "舒据", now, date(2020, 1, 1) + timedelta(days=n % 2_400), state,
            "", 120, 100, 20, 0, 0, 0, 0,
        )  # fmt: skip


BATCH = (
    "id", "source", "contract", "key", "file", "filename", "size", "media", "charset", "scope", "landed_by",
    "landed_at", "known_on", "state", "reason", "rows_in", "accepted", "quarantined", "checked_chunks",
    "resolved_chunks", "fused_chunks", "chunks",
)  # fmt: skip


def _refused() -> Iterator[tuple[Any, ...]]:
    reasons = [{"column": "uni_social_crd_cd", "code": "uscc", "message": "校验位不符", "value": "X"}]
    for n in range(QUARANTINED):
        district = n % 2
        station = STATIONS[15 * district + n // 2 % 15]
        batch = FIRST + 2 * (n // 40) + district
        yield (batch, n // 2 % 20 + 1, {"企业名称": f"坏行{n}"}, reasons, "mended" if n % 500 == 0 else "open", station)


def load(model: Any, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows in bulk, with every column nobody named as a new row of the model has it."""
    from shiheng.columnar import frames

    fields = model._meta.concrete_fields
    rest = [f for f in fields if not f.primary_key and not {f.name, f.attname} & set(names)]
    more = tuple(f.get_default() for f in rest)
    frames.insert(model, (*names, *(f.attname for f in rest)), ((*row, *more) for row in rows))


def populate(cast: SimpleNamespace) -> SimpleNamespace:
    """Fill the tables and make the chiefs of both districts and the clerk of one station; gives their browsers."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from shiheng.accounts.models import Office, Post
    from shiheng.fusion.models import Batch, Link, Quarantined
    from shiheng.kernel import clock
    from shiheng.ledger import files
    from shiheng.subjects.models import Record, Subject

    kept = files.keep("\n".join(["统一社会信用代码,企业名称", *(f"坏{n},坏行{n}" for n in range(120))]).encode())
    Office.objects.bulk_create(
        Office(code=path.replace(".", ""), title=f"第{n}监管所", kind="station", path=path, parent=None)
        for n, path in enumerate(STATIONS)
    )
    with transaction.atomic():
        load(Subject, SUBJECT, _subjects())
        load(Batch, BATCH, _batches(kept.sha256, kept.size))
        load(Quarantined, ("batch_id", "row", "raw", "reasons", "state", "scope"), _refused())
        load(
            Link, ("batch_id", "row", "subject_id", "by"),
            ((FIRST + n % BATCHES, 1_000 + n // BATCHES, FIRST + n, "uscc") for n in range(0, COUNT, 7)),
        )  # fmt: skip
        load(
            Record,
            ("subject_id", "kind", "source", "key", "day", "state", "facts", "reference", "title", "scope", "current"),
            ((FIRST + n, "penalty", "cases", str(n), date(2026, 4, 1), "", {}, "", "", STATIONS[n % 30], True)
             for n in range(0, COUNT, 5)),
        )  # fmt: skip
    if connection.vendor == "postgresql":  # as its own autovacuum soon does; nobody does it for SQLite
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def browser(login: str, role: str = "", office: str = "") -> Client:
        account = get_user_model().objects.filter(username=login).first()
        if account is None:
            account = get_user_model().objects.create(
                username=login, name=login, kind="officer", created_at=clock.now(), password="!"
            )
            Post.objects.create(
                account=account, office=Office.objects.get(path=office), role=role, since=date(2024, 1, 1)
            )
        client = Client()
        client.force_login(account)
        return client

    return SimpleNamespace(
        chief=browser("zhang"),
        clerk=browser("station", "window_clerk", STATIONS[0]),
        city=browser("shi"),
        other=browser("chief_b", "section_chief", "4499.02."),
    )


COST = re.compile(r"cost=[\d.]+\.\.([\d.]+)")
SCAN = re.compile(rf"Seq Scan on ({'|'.join(BIG)})\b")


def scans(sql: str) -> list[str]:
    """Where the plan of one query reads a big table from end to end instead of by an index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of refused rows a planner may rightly read a third to show a tenth: asked is that an index is there.
            cursor.execute(f"SET enable_seqscan = {'on' if 'subjects_subject' in sql else 'off'}")
            cursor.execute("EXPLAIN " + sql)
            plan = [line for (line,) in cursor.fetchall()]
            cursor.execute("RESET enable_seqscan")
            return [line.strip() for n, line in enumerate(plan) if SCAN.search(line) and not ends_early(plan[:n], line)]
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        plan = [row[3] for row in cursor.fetchall()]
        return [line for line in plan if re.match(rf"SCAN ({'|'.join(BIG)})\b(?!.*INDEX)", line)]


def ends_early(above: list[str], line: str) -> bool:
    """Whether so many rows match that the scan ends in its first tenth: a capped count, or whether there is any."""
    if above and "InitPlan" in above[-1]:  # EXISTS: of a kind half the rows are of, the first row will do
        return True
    limit, scan = COST.search(above[-1]) if above and "Limit" in above[-1] else None, COST.search(line)
    return bool(limit and scan and float(limit[1]) < float(scan[1]) / 10)


def ask(client: Client, url: str) -> tuple[Any, float, list[str]]:
    """One request: the answer with its body, the milliseconds, and every scan among its queries."""
    with CaptureQueriesContext(connection) as asked:
        began = time.monotonic()
        answer = client.get(url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        took = (time.monotonic() - began) * 1000
    said = [
        q["sql"] for q in asked.captured_queries if q["sql"].startswith("SELECT") and any(b in q["sql"] for b in BIG)
    ]
    return (
        SimpleNamespace(status=answer.status_code, text=body.decode("utf-8-sig")),
        took,
        [s for q in said for s in scans(q)],
    )


def total_of(page: str) -> str:
    found = re.search(r"共 <b>([\d,+]+)</b> 条", page)
    assert found, "the page says no total"
    return found[1]


@pytest.mark.slow
def test_a_million_subjects_are_read_by_index_and_agree(
    transactional_db: None, cast: SimpleNamespace, settings: Any, quality: Callable[[str, str], None]
) -> None:
    began = time.monotonic()
    people = populate(cast)
    took = time.monotonic() - began
    told = [f"{COUNT:,} subjects, {QUARANTINED:,} refused rows, {BATCHES:,} batches, written in {took:.0f} s"]
    wrong: list[str] = []
    for who, client in (("chief", people.chief), ("clerk", people.clerk), ("city", people.city)):
        for place, queries in LISTS.items():
            if who == "clerk" and place != "/subjects/":
                continue
            slowest = (0.0, "")
            for query in queries:
                answer, took, found = ask(client, f"{place}?{query}")
                assert answer.status == 200, f"{place}?{query} as {who}"
                wrong += [f"{place}?{query} as {who}: {line}" for line in found]
                slowest = max(slowest, (took, query))
                log.info("%s %.0f ms %s?%s %s %s", who, took, place, query, total_of(answer.text), found)
            told.append(f"{place} as {who}: {len(queries)} ways, the slowest {slowest[0]:.0f} ms (?{slowest[1]})")

    told += agree(people, wrong)
    quality("million_subjects", "\n".join(told))
    assert not wrong, "\n".join(wrong)


def agree(people: SimpleNamespace, wrong: list[str]) -> list[str]:
    """List, count, export and detail of the same filters; and nothing of it for the neighbouring district."""
    told = []
    query = f"status=suspended&office={STATIONS[3]}"
    page, _, _ = ask(people.chief, f"/subjects/?{query}&size=200")
    export, took, found = ask(people.chief, f"/subjects/?{query}&export=csv")
    wrong += [f"export: {line}" for line in found]
    rows = list(csv.reader(io.StringIO(export.text)))[1:]
    shown = re.findall(r'href="/subjects/(\d+)/"', page.text)
    expected = [n for n in range(COUNT) if n % 30 == 3]
    assert total_of(page.text) == f"{len(rows):,}"
    assert 0 < len(rows) < len(expected)
    assert len(shown) == min(200, len(rows))
    told.append(f"export of {len(rows)} rows: {took:.0f} ms")
    codes = {row[1] for row in rows}
    assert all(code_of(int(number)) in codes for number in shown)
    for number in shown[:20]:
        answer, took, found = ask(people.chief, f"/subjects/{number}/?tab=registration")
        wrong += [f"detail: {line}" for line in found]
        assert answer.status == 200
        assert "歇业" in answer.text
    told.append(f"one subject: {took:.0f} ms")
    theirs, _, _ = ask(people.other, f"/subjects/?{query}")
    assert "共 <b>0</b> 条" in theirs.text or "没有这个选项" in theirs.text, "the neighbours may not choose our station"
    held, _, _ = ask(people.chief, f"/quarantine/?batch={FIRST + 4}")
    refused = re.findall(r'href="/quarantine/(\d+)/"', held.text)
    assert int(total_of(held.text)) == 20
    for url in (f"/batches/{FIRST + 4}/", f"/batches/{FIRST + 4}/file/", f"/quarantine/{refused[0]}/"):
        mine, took, found = ask(people.other, url)
        wrong += [f"{url}: {line}" for line in found]
        assert mine.status == 404, f"{url} opens for the neighbouring district"
    answer, took, found = ask(people.chief, f"/quarantine/{refused[0]}/")
    wrong += [f"refused row: {line}" for line in found]
    assert answer.status == 200
    told.append(f"one refused row: {took:.0f} ms")
    return told
