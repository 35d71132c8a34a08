"""Search by any piece of a name, its code, or with one slip: how quick against the databases' own engines.

The same generated names stand in our tables and in the peers': SQLite's LIKE, FTS5 with pairs of characters of its own
and with its trigrams; PostgreSQL's pg_trgm. "Ours" returns ten ids as the peers do, best first; "page" is the same with
the subjects read. Peers are asked for any ten (the quickest they can), and where found firms are compared for their
best ten. Found means: the wanted firm is among the first ten. Slips are asked of whole names, a quarter each: a
character that sounds alike, one that looks alike, two swapped, one left out. ``SHIHENG_BENCH_NAMES`` sets how many
names (200,000); everything is measured at a tenth of them first, to see how it grows.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from benchmarks.claims import Claim

NAMES = int(os.environ.get("SHIHENG_BENCH_NAMES", "200000"))
ASKED = 200
PAGE = 10
SLOWEST_MS = 300.0  # a page must answer within it, whatever was typed
SLIP_MS, SLIP_FOUND = 12.0, 0.97
LEAST_RATE = 1_000_000 / 600  # a city's million names in ten minutes
BATCH = 20_000

Search = Callable[[str], list[int]]
Peer = Callable[[str, str], list[int]]  # asked for a text and of which kind it is


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
    kinds, small = seen["kinds"], seen["small"]
    for kind, engines in kinds.items():
        told = "; ".join(
            f"{engine} p50 {m['p50']:.3f} p95 {m['p95']:.3f} p99 {m['p99']:.3f} ms, found {m['found']:.0%}, "
            f"MRR {m['mrr']:.2f}"
            for engine, m in engines.items()
        )
        print(f"  {database}, {kind}: {told}")

    def most(title: str, ours: float, other: float, times: float = 1.0, unit: str = "ms") -> Claim:
        return Claim(f"{database}: {title}", ours, other, unit, more_is_better=False, at_least=1 / times)

    pages = max(m["page"]["p99"] for m in kinds.values())
    claims = [
        Claim(f"{database}: {NAMES:,} names indexed", seen["rate"], LEAST_RATE, "names/s"),
        most("slowest p99 of a page of any kind", pages, SLOWEST_MS),
        most("a code, p95 against a plain key", kinds["code"]["ours"]["p95"], kinds["code"]["key"]["p95"], 3),
    ]
    for kind in PIECES:
        peers = {name: m["p95"] for name, m in kinds[kind].items() if name not in {"ours", "page", "best"}}
        best = min(peers, key=lambda name: peers[name])
        claims.append(most(f"{kind}, p95 against {best}", kinds[kind]["ours"]["p95"], peers[best], 2))
    slip = kinds["one slip"]["ours"]
    claims.append(most("one slip, p95", slip["p95"], SLIP_MS))
    claims.append(Claim(f"{database}: one slip, found", slip["found"], SLIP_FOUND, "share"))
    for kind in (*PIECES, "code", "one slip"):
        times = 5 if kind == "one slip" else 2
        title = f"{kind}, p95 at {NAMES:,} names against a tenth of them"
        claims.append(most(title, kinds[kind]["ours"]["p95"], small[kind]["ours"]["p95"], times))
    for kind in ("trade name", "trade name and two more"):
        ours, other = kinds[kind]["ours"]["mrr"], kinds[kind]["best"]["mrr"]
        # A peer's order by likeness is good where it finds at all: near it is the claim, not beyond it.
        claims.append(
            Claim(f"{database}: mean reciprocal rank, {kind}, against {peer}", ours, other, "MRR", at_least=0.95)
        )
    claims.append(Claim(f"{database}: found by initials", kinds["initials"]["ours"]["found"], 0.5, "share"))
    return claims


def _asked(row: tuple[Any, ...], kind: str, draw: random.Random) -> str:
    """What somebody who wants this firm might type."""
    subject, text, folded, trade, initials = row
    at = draw.randrange(len(folded) - 1)
    if kind in LENGTHS:
        length = draw.choice(LENGTHS[kind])
        at = draw.randrange(max(1, len(folded) - length + 1))
        return str(folded[at : at + length])
    from tests import factories

    pieces: dict[str, Callable[[], str]] = {
        "code": lambda: factories.uscc(subject),
        "prefix": lambda: folded[: draw.choice((2, 3, 4))],
        "trade name": lambda: trade,
        "trade name and two more": lambda: folded[folded.find(trade) :][: len(trade) + 2],
        "whole name": lambda: text,
        "initials": lambda: min(initials.split(), key=len)[:6] if initials else trade,
        "one slip": lambda: slipped(folded, draw),
    }
    return str(pieces[kind]())


LENGTHS = {"1-2 characters": (1, 2), "3-6 characters": (3, 4, 5, 6)}
PIECES = (*LENGTHS, "prefix")
KINDS = (*PIECES, "code", "trade name", "trade name and two more", "whole name", "initials", "one slip")


def slipped(name: str, draw: random.Random) -> str:
    """The name with one slip in it."""
    kind, places = draw.choice(("sound", "look", "swap", "left out")), list(range(len(name)))
    draw.shuffle(places)
    for at in places:
        if kind == "left out":
            return name[:at] + name[at + 1 :]
        if kind == "swap" and at + 1 < len(name) and name[at] != name[at + 1]:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        wrong = sorted((_sounding() if kind == "sound" else _looking()).get(name[at], set()) - {name[at]})
        if wrong and kind not in {"left out", "swap"}:
            return name[:at] + draw.choice(wrong) + name[at + 1 :]
    return name[:-1]


@cache
def _sounding() -> dict[str, set[str]]:
    """Common characters (GB 2312's first level) that are read alike."""
    from pypinyin import lazy_pinyin

    level = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFA)]
    alike: dict[str, set[str]] = {}
    for character in level:
        alike.setdefault(lazy_pinyin(character)[0], set()).add(character)
    return {character: alike[lazy_pinyin(character)[0]] for character in level}


@cache
def _looking() -> dict[str, set[str]]:
    from shiheng.subjects import naming

    return {character: set(group) for group in naming.words("lookalikes.txt") for character in group}


def _times(engines: dict[str, Search], questions: list[tuple[int, str]]) -> dict[str, dict[str, float]]:
    taken: dict[str, list[float]] = {name: [] for name in engines}
    ranks: dict[str, list[float]] = {name: [] for name in engines}
    for wanted, text in questions:
        for name, search in engines.items():
            began = time.perf_counter()
            found = search(text)
            taken[name].append((time.perf_counter() - began) * 1000)
            ranks[name].append(1 / (found.index(wanted) + 1) if wanted in found else 0.0)
    return {name: _told(sorted(taken[name]), ranks[name]) for name in engines}


def _folded(ask: Peer, kind: str, text: str) -> list[int]:
    from shiheng.subjects import naming

    return ask(text if kind == "code" else naming.fold(text), kind)


def _peers_of(kind: str, peers: dict[str, Peer]) -> list[str]:
    """Who is asked what: the key a code, the best order trade names, the others pieces they can find."""
    if kind == "code":
        return ["key"]
    if kind.startswith("trade"):
        return ["best"]
    if kind not in PIECES:
        return []
    few = {"key", "best"} if kind == "3-6 characters" else {"key", "best", "FTS5 trigram"}
    return [name for name in peers if name not in few]


def _told(taken: list[float], ranks: list[float]) -> dict[str, float]:
    return {
        "p50": taken[len(taken) // 2],
        "p95": taken[int(len(taken) * 0.95) - 1],
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

    from shiheng.subjects import postings, search
    from tests import factories

    call_command("migrate", verbosity=0)
    factories.offices()
    spent, seen = 0.0, []
    for first, last in ((0, NAMES // 10), (NAMES // 10, NAMES)):
        for done in range(first, last, BATCH):
            with transaction.atomic():
                count = min(BATCH, last - done)
                numbers = factories.crowd(count, seed=done, first=5_000_000 + done, index=False)
                began = time.perf_counter()
                search.index(numbers)
                spent += time.perf_counter() - began
        postings.tidy()  # as a job does
        with connection.cursor() as cursor:
            peers = (_postgresql if connection.vendor == "postgresql" else _sqlite)(cursor)
            seen.append(_raced(peers, last))
    return {"rate": NAMES / spent, "small": seen[0], "kinds": seen[1]}


def _raced(peers: dict[str, Peer], names: int) -> dict[str, dict[str, dict[str, float]]]:
    """Every engine asked the same, in turns: whatever else this machine does falls on all alike."""
    from shiheng.fusion import resolve
    from shiheng.subjects import postings, search
    from shiheng.subjects.models import SearchName

    draw = random.Random(11)
    fields = ("subject_id", "text", "folded", "trade", "initials")
    of = [resolve.mint(f"made:{5_000_000 + n}") for n in draw.sample(range(names), ASKED * 2)]
    some = SearchName.objects.filter(rank__lt=postings.CLASS, subject_id__in=of)
    rows = list(some.order_by("id").values_list(*fields)[:ASKED])
    kinds = {}
    for kind in KINDS:
        questions = [(row[0], _asked(row, kind, draw)) for row in rows]
        engines: dict[str, Search] = {
            "ours": lambda text: search.ids(text, PAGE),
            "page": lambda text: [hit.subject.id for hit in search.find(text, limit=PAGE).hits],
        }
        for name in _peers_of(kind, peers):
            engines[name] = partial(_folded, peers[name], kind)
        kinds[kind] = _times(engines, questions)
    return kinds


def _asking(cursor: Any, sql: str, params: Callable[[str, str], list[Any]]) -> Peer:
    def ask(text: str, kind: str) -> list[int]:
        cursor.execute(sql, params(text, kind))
        return [row[0] for row in cursor.fetchall()]

    return ask


def _key(cursor: Any) -> Peer:
    return _asking(cursor, "SELECT id FROM subjects_subject WHERE uscc = %s", lambda text, _kind: [text])


def _pattern(text: str, kind: str) -> str:
    return f"{text}%" if kind == "prefix" else f"%{text}%"


def _sqlite(cursor: Any) -> dict[str, Peer]:
    from shiheng.subjects import naming

    for table in ("peer_pairs", "peer_trigram", "peer"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute("CREATE TABLE peer (id INTEGER PRIMARY KEY, folded TEXT)")
    cursor.execute("INSERT INTO peer SELECT subject_id, folded FROM subjects_searchname")
    cursor.execute(
        "CREATE VIRTUAL TABLE peer_trigram USING fts5(folded, content='peer', content_rowid='id', tokenize='trigram')"
    )
    cursor.execute("INSERT INTO peer_trigram (peer_trigram) VALUES ('rebuild')")
    cursor.execute(
        "CREATE VIRTUAL TABLE peer_pairs USING fts5"
        "(pairs, content='', columnsize=0, prefix='1', tokenize=\"ascii tokenchars '^$'\")"
    )
    cursor.execute("SELECT id, folded FROM peer ORDER BY id")
    pairs = [(n, " ".join(("^" + held[0], *naming.grams(held), held[-1] + "$"))) for n, held in cursor.fetchall()]
    cursor.executemany("INSERT INTO peer_pairs (rowid, pairs) VALUES (%s, %s)", pairs)
    for table in ("peer_pairs", "peer_trigram"):
        cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")

    def phrase(text: str, kind: str) -> list[Any]:
        held = (["^" + text[0]] if kind == "prefix" else []) + naming.grams(text)
        return [f'"{" ".join(held)}"' if held else f'"{text}" *', PAGE]

    first = "SELECT rowid FROM {0} WHERE {0} MATCH %s LIMIT %s"
    by_rank = "SELECT rowid FROM peer_trigram WHERE peer_trigram MATCH %s ORDER BY rank LIMIT %s"
    like = "SELECT id FROM peer WHERE folded LIKE %s LIMIT %s"
    return {
        "key": _key(cursor),
        "FTS5 pairs": _asking(cursor, first.format("peer_pairs"), phrase),
        "FTS5 trigram": _asking(cursor, first.format("peer_trigram"), lambda text, _kind: [f'"{text}"', PAGE]),
        "LIKE": _asking(cursor, like, lambda text, kind: [_pattern(text, kind), PAGE]),
        "best": _asking(cursor, by_rank, lambda text, _kind: [f'"{text}"', PAGE]),
    }


def _postgresql(cursor: Any) -> dict[str, Peer]:
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute("DROP TABLE IF EXISTS peer")
    cursor.execute("CREATE TABLE peer AS SELECT subject_id AS id, folded FROM subjects_searchname")
    cursor.execute("CREATE INDEX ON peer USING gin (folded gin_trgm_ops)")
    for table in ("peer", "subjects_searchname", "subjects_searchpiece", "subjects_subject", "subjects_identifier"):
        cursor.execute(f"VACUUM ANALYZE {table}")
    first = "SELECT id FROM peer WHERE folded LIKE %s LIMIT %s"
    alike = "SELECT id FROM peer WHERE folded LIKE %s ORDER BY similarity(folded, %s) DESC LIMIT %s"
    return {
        "key": _key(cursor),
        "pg_trgm": _asking(cursor, first, lambda text, kind: [_pattern(text, kind), PAGE]),
        "best": _asking(cursor, alike, lambda text, kind: [_pattern(text, kind), text, PAGE]),
    }


if __name__ == "__main__":
    json.dump(measure(), sys.stdout)
