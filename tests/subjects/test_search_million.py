"""Search over a million subjects: indexed in bounded memory, and every piece still finds.

How long an answer takes is told and not judged here: that is the benchmark's, in a ratio to the databases' own search.
"""

import os
import random
import resource
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from shiheng.fusion.resolve import mint
from shiheng.subjects import search
from shiheng.subjects.models import SearchName, Subject
from tests import factories

COUNT = int(os.environ.get("SHIHENG_TEST_SUBJECTS", "1000000"))
CHUNK = 20_000
ASKED = 200
FIRST = 30_000_000

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def _held_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_a_million_names_are_indexed_and_searched(quality: Callable[[str, str], None]) -> None:
    factories.offices()
    for done in range(0, COUNT, CHUNK):
        factories.crowd(min(CHUNK, COUNT - done), seed=done, first=FIRST + done, index=False)
    before, began = _held_mb(), time.monotonic()
    with transaction.atomic():
        written = search.index(Subject.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=CHUNK))
    took, grown = time.monotonic() - began, _held_mb() - before
    assert written == COUNT
    assert grown < 400, f"indexing grew by {grown:.0f} MB"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("searchname", "subject", "identifier"):
                cursor.execute(f"ANALYZE subjects_{table}")
    told = [f"{COUNT:,} names indexed in {took:.0f} s, {grown:.0f} MB more memory"]
    draw = random.Random(5)
    rows = list(
        SearchName.objects.filter(subject_id__in=[mint(f"made:{FIRST + draw.randrange(COUNT)}") for _ in range(ASKED)])
        .order_by("id")
        .values_list("subject_id", "folded", "trade", "initials")
    )
    for kind in ("one", "two", "three", "five", "trade", "whole", "code", "initials"):
        times, found = [], 0
        for subject, folded, trade, initials in rows:
            text = _typed(kind, subject, folded, trade, initials, draw)
            start = time.perf_counter()
            hits = search.find(text, limit=10).hits
            times.append((time.perf_counter() - start) * 1000)
            assert hits, (kind, text)
            found += any(hit.subject.id == subject for hit in hits)
        times.sort()
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99) - 1]
        told.append(f"{kind}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, wanted firm in the first ten {found / len(rows):.0%}")
        assert found == len(rows) or kind != "code", told[-1]
    quality("search_million", "\n".join(told))


def _typed(kind: str, subject: int, folded: str, trade: str, initials: str, draw: random.Random) -> str:
    if kind == "code":
        return Subject.objects.get(id=subject).uscc
    if kind == "initials":
        return min(initials.split(), key=len)[:6]
    if kind in {"trade", "whole"}:
        return trade if kind == "trade" else folded
    length = {"one": 1, "two": 2, "three": 3, "five": 5}[kind]
    at = draw.randrange(len(folded) - length + 1)
    return folded[at : at + length]
