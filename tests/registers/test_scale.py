"""A hundred thousand rows brought and taken back, a million written out in memory that does not grow."""

import io
import logging
import os
import random
import resource
import time
from datetime import date

import pytest
import xlsxwriter
from django.urls import reverse

from shiheng.columnar import frames
from shiheng.kernel import clock
from shiheng.ledger import files
from shiheng.registers import importing, undoing
from shiheng.registers.dumping import digest
from shiheng.registers.models import Act, Entry, Row
from tests import factories
from tests.registers.declared import STALLS
from tests.slow import QUALITY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
log = logging.getLogger(__name__)
ROWS = int(os.environ.get("SHIHENG_TEST_ENTRIES", 100_000))
WRITTEN = ROWS * 10
FIRMS = 500


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def workbook(codes, *, faulty):
    """Rows of which ``faulty`` have one of five faults."""
    draw = random.Random(11)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    for at, title in enumerate(("统一社会信用代码", "摊位号", "器具种类", "最大称量", "摊主电话")):
        sheet.write_string(0, at, title)
    for n in range(ROWS):
        row = [codes[n % FIRMS], f"S{n:07}", "电子秤" if n % 3 else "电能表", str(n % 500 + 1), f"138{n:08}"]
        if n in faulty:
            at, wrong = draw.choice(((0, "91449901XXXXXXXXXX"), (2, "杆秤"), (3, "很多"), (3, "900"), (1, "")))
            row[at] = wrong
        for at, cell in enumerate(row):
            sheet.write_string(n + 1, at, cell)
    book.close()
    return file.getvalue()


def test_a_hundred_thousand_rows_are_all_accounted_for_and_taken_back_whole(cast, record_property):
    made = [factories.subject(f"第{n}号市场", number=10_000 + n, indexed=False) for n in range(FIRMS)]
    faulty = set(random.Random(5).sample(range(ROWS), ROWS * 3 // 100))
    chief = cast.who("chief")
    before = digest(STALLS.code)
    content = workbook([firm.uscc for firm in made], faulty=faulty)
    act = importing.begin(chief, STALLS.code, files.keep(content), "台账.xlsx")
    began = time.perf_counter()
    importing.read(chief, act)
    read = time.perf_counter()
    act.refresh_from_db()
    assert (act.rows, act.faulty) == (ROWS, len(faulty))
    assert not Entry.objects.exists()
    done = importing.confirm(chief, act.pk)
    importing.write(chief, done)
    wrote = time.perf_counter()
    done.refresh_from_db()
    assert (done.state, done.taken, done.faulty) == ("done", ROWS - len(faulty), len(faulty))
    assert Row.objects.filter(act=act, written=True).count() == Entry.objects.filter(live=True).count() == done.taken
    undoing.begin(chief, done, "来文作废")
    undoing.run(chief, Act.objects.get(pk=act.pk))
    undone = time.perf_counter()
    assert digest(STALLS.code) == before
    told(
        "registers_import",
        f"{ROWS:,} rows with {len(faulty):,} faulty: read {read - began:.0f} s, written {wrote - read:.0f} s, undone "
        f"{undone - wrote:.0f} s; every row accounted for, digest after undoing equal; peak {megabytes():.0f} MB",
    )


def test_a_million_entries_are_written_out_in_flat_memory(sign_in, cast):
    firm = factories.subject("江口市场", number=10_000)
    now, begun = clock.now(), date(2026, 1, 1)
    names = [
        "register", "version", "subject", "key", "title", "state", "ended", "since", "scope", "facts", "live",
        "entered_on", "changed_at", "turn",
    ]  # fmt: skip
    for begin in range(0, WRITTEN, 50_000):
        frames.insert(
            Entry,
            names,
            (
                (STALLS.code, STALLS.in_force_from, firm.pk, f"{firm.pk}|S{n}", firm.name, "on", False, begun,
                 firm.scope, {"stall": f"S{n}", "kind": "scale", "limit": 30}, True, date(2026, 1, 1), now, 0)
                for n in range(begin, min(begin + 50_000, WRITTEN))
            ),
        )  # fmt: skip
    chief = sign_in("chief")
    url = reverse("register", args=[STALLS.code])
    sizes, at = {}, {}
    for kind in ("csv", "xlsx"):
        held = megabytes()
        began = time.perf_counter()
        got = chief.get(url, {"export": kind})
        sizes[kind] = sum(len(piece) for piece in got.streaming_content)
        at[kind] = (time.perf_counter() - began, megabytes() - held)
        assert at[kind][1] < 300
    assert sizes["csv"] > WRITTEN * 20
    told(
        "registers_export",
        f"{WRITTEN:,} entries: " + "; ".join(
            f"{kind} {sizes[kind] / 1e6:.0f} MB in {seconds:.0f} s, {grown:.0f} MB more memory"
            for kind, (seconds, grown) in at.items()
        ),
    )  # fmt: skip


def told(name: str, line: str) -> None:
    from django.db import connection

    suffix = ".postgresql" if connection.vendor == "postgresql" else ""
    (QUALITY / f"{name}{suffix}.txt").write_text(line + "\n", encoding="utf-8")
    log.info(line)
