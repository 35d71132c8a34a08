"""Search by any piece of a name: as quick as the databases' own trigrams, and it finds what they cannot and ranks it.

The same generated names stand in our tables and in the peers': SQLite's LIKE and FTS5 trigram, PostgreSQL's pg_trgm.
Ours is timed as a page asks for it (every tier, ten subjects read); the peers only as their own SQL for ten rows.
Found means: the wanted firm is among the first ten. ``SHIHENG_BENCH_NAMES`` sets how many names (200,000).
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim

NAMES = int(os.environ.get("SHIHENG_BENCH_NAMES", "200000"))
ASKED = 200
PAGE = 10
SLOWEST_MS = 300.0  # a page must answer within it, whatever was typed
LEAST_RATE = 1_000_000 / 600  # a city's million names in ten minutes
BATCH = 20_000

Search = Callable[[str], list[int]]


def run() -> list[Claim]:
    with tempfile.TemporaryDirectory(prefix="shiheng-bench-") as home:
        claims = _claims("SQLite", _measured(Path(home), ""), peer="trigram")
        from tests import postgres

        if postgres.binaries() is None:
            print("  PostgreSQL is missing on this machine: its half is not measured")
            return claims
        cluster = postgres.start()
        try:
            return claims + _claims("PostgreSQL", _measured(Path(home) / "pg", cluster.url), peer="pg_trgm")
        finally:
            cluster.stop()


def _measured(home: Path, url: str) -> dict[str, Any]:
    home.mkdir(exist_ok=True)
    names = {"SHIHENG_HOME": str(home), "SHIHENG_DATABASE_URL": url, "SHIHENG_SQLITE_SYNCHRONOUS": "OFF"}
    env = {**os.environ, **names, "DJANGO_SETTINGS_MODULE": "shiheng.site.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.search"], env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


def _claims(database: str, seen: dict[str, Any], *, peer: str) -> list[Claim]:
    for kind, engines in seen["kinds"].items():
        told = "; ".join(
            f"{engine} p50 {m['p50']:.2f} p99 {m['p99']:.2f} ms, found {m['found']:.0%}, MRR {m['mrr']:.2f}"
            for engine, m in engines.items()
        )
        print(f"  {database}, {kind}: {told}")
    kinds = seen["kinds"]
    claims = [
        Claim(f"{database}: {NAMES:,} names indexed", seen["rate"], LEAST_RATE, "names/s"),
        Claim(
            f"{database}: slowest p99 of all kinds",
            max(m["ours"]["p99"] for m in kinds.values()),
            SLOWEST_MS,
            "ms",
            more_is_better=False,
        ),
    ]
    for kind in ("trade name", "trade name and two more", "two characters"):
        ours, other = kinds[kind]["ours"]["mrr"], kinds[kind][peer]["mrr"]
        # A peer's order by likeness is good where it finds at all: near it is the claim, not beyond it.
        claims.append(
            Claim(f"{database}: mean reciprocal rank, {kind}, against {peer}", ours, other, "MRR", at_least=0.95)
        )
    claims.append(Claim(f"{database}: found by initials", kinds["initials"]["ours"]["found"], 0.5, "share"))
    two = kinds["two characters"]
    claims.append(
        Claim(
            f"{database}: two characters, p99 against LIKE",
            two["ours"]["p99"],
            two["LIKE" if peer == "trigram" else peer]["p99"],
            "ms",
            more_is_better=False,
        )
    )
    return claims


def _asked(row: tuple[Any, ...], kind: str, draw: random.Random) -> str:
    """What somebody who wants this firm might type."""
    _, text, folded, trade, initials = row
    at = draw.randrange(len(folded) - 1)
    pieces = {
        "one character": folded[at],
        "two characters": trade[:2],
        "three of the name": folded[max(0, at - 2) : max(0, at - 2) + 3],
        "trade name": trade,
        "trade name and two more": folded[folded.find(trade) :][: len(trade) + 2],
        "whole name": text,
        "initials": min(initials.split(), key=len)[:6] if initials else trade,
    }
    return pieces[kind]


KINDS = (
    "one character", "two characters", "three of the name", "trade name", "trade name and two more", "whole name",
    "initials",
)  # fmt: skip


def _times(search: Search, questions: list[tuple[int, str]]) -> dict[str, float]:
    taken, ranks = [], []
    for wanted, text in questions:
        began = time.perf_counter()
        found = search(text)
        taken.append((time.perf_counter() - began) * 1000)
        ranks.append(1 / (found.index(wanted) + 1) if wanted in found else 0.0)
    taken.sort()
    return {
        "p50": taken[len(taken) // 2],
        "p99": taken[int(len(taken) * 0.99) - 1],
        "found": sum(rank > 0 for rank in ranks) / len(ranks),
        "mrr": sum(ranks) / len(ranks),
    }


def measure() -> dict[str, Any]:
    """In a process of its own: fill one database, ask every engine the same."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from shiheng.subjects import naming, search
    from shiheng.subjects.models import SearchName
    from tests import factories

    call_command("migrate", verbosity=0)
    factories.offices()
    spent = 0.0
    for done in range(0, NAMES, BATCH):
        with transaction.atomic():
            numbers = factories.crowd(min(BATCH, NAMES - done), seed=done, first=5_000_000 + done, index=False)
            began = time.perf_counter()
            search.index(numbers)
            spent += time.perf_counter() - began
    with connection.cursor() as cursor:
        peers = (_postgresql if connection.vendor == "postgresql" else _sqlite)(cursor)
        engines: dict[str, Search] = {
            "ours": lambda text: [hit.subject.id for hit in search.find(text, limit=PAGE).hits],
            **{name: (lambda text, ask=ask: ask(naming.fold(text))) for name, ask in peers.items()},
        }
        draw = random.Random(11)
        fields = ("subject_id", "text", "folded", "trade", "initials")
        some = SearchName.objects.filter(rank__lt=1000, id__in=draw.sample(range(1, NAMES), ASKED * 2))
        rows = list(some.order_by("id").values_list(*fields)[:ASKED])
        kinds = {}
        for kind in KINDS:
            questions = [(row[0], _asked(row, kind, draw)) for row in rows]
            # In turns: whatever else this machine does falls on all alike.
            kinds[kind] = {name: _times(ask, questions) for name, ask in engines.items()}
    return {"rate": NAMES / spent, "kinds": kinds}


def _sqlite(cursor: Any) -> dict[str, Search]:
    cursor.execute("CREATE TABLE peer (id INTEGER PRIMARY KEY, folded TEXT)")
    cursor.execute("INSERT INTO peer SELECT subject_id, folded FROM subjects_searchname")
    cursor.execute(
        "CREATE VIRTUAL TABLE peer_trigram USING fts5(folded, content='peer', content_rowid='id', tokenize='trigram')"
    )
    cursor.execute("INSERT INTO peer_trigram (peer_trigram) VALUES ('rebuild')")

    def like(text: str) -> list[int]:
        cursor.execute("SELECT id FROM peer WHERE folded LIKE %s LIMIT %s", [f"%{text}%", PAGE])
        return [row[0] for row in cursor.fetchall()]

    def trigram(text: str) -> list[int]:
        sql = "SELECT rowid FROM peer_trigram WHERE peer_trigram MATCH %s ORDER BY rank LIMIT %s"
        cursor.execute(sql, [f'"{text}"', PAGE])
        return [row[0] for row in cursor.fetchall()]

    return {"LIKE": like, "trigram": trigram}


def _postgresql(cursor: Any) -> dict[str, Search]:
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute("CREATE TABLE peer AS SELECT subject_id AS id, folded FROM subjects_searchname")
    cursor.execute("CREATE INDEX ON peer USING gin (folded gin_trgm_ops)")
    for table in ("peer", "subjects_searchname", "subjects_subject", "subjects_identifier"):
        cursor.execute(f"ANALYZE {table}")

    def trigram(text: str) -> list[int]:
        sql = "SELECT id FROM peer WHERE folded LIKE %s ORDER BY similarity(folded, %s) DESC LIMIT %s"
        cursor.execute(sql, [f"%{text}%", text, PAGE])
        return [row[0] for row in cursor.fetchall()]

    return {"pg_trgm": trigram}


if __name__ == "__main__":
    json.dump(measure(), sys.stdout)
