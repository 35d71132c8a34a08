"""Where each database keeps the tokens of names: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Both are tables of the transactional database, written in the caller's transaction, so nothing can drift. On SQLite the
row number begins with the rank: FTS5 then hands matches out best first and stops as soon as enough are found. GIN
cannot order: up to ``CAP`` matches are all read and sorted; of more, those of the better half (alive, current name)
are read first. Both are created by migration 0002.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from shiheng.subjects import naming

CAP = 1001
ID_BITS = 40
BETTER_HALF = 1000  # ranks below it: a current name of a subject still there
TABLE = "subjects_searchname"
TOKENS = "subjects_searchtoken"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand one after another; with ``open_end`` the last is only the beginning of a token."""

    tokens: tuple[str, ...]
    open_end: bool = False


class Posting(NamedTuple):
    """One name to be posted, in the order of the table's columns."""

    subject_id: int
    text: str
    folded: str
    trade: str
    initials: str
    rank: int


class Posted(NamedTuple):
    """A name that stands there."""

    id: int
    subject_id: int
    text: str
    folded: str
    trade: str
    initials: str
    rank: int


COLUMNS = ", ".join(Posted._fields)


def tokens(name: Posting | Posted) -> list[str]:
    """The tokens a name is found by."""
    return naming.tokens(name.folded, name.trade, name.initials.split())


def _lexemes(words: Iterable[str]) -> str:
    """Tokens as PostgreSQL reads a tsvector: folded text holds neither quotes nor backslashes."""
    return " ".join(f"'{word}':{place}" for place, word in enumerate(words, start=1))


def post(postings: Sequence[Posting]) -> None:
    """Write names with their tokens."""
    if not postings:
        return
    if connection.vendor == "postgresql":
        columns = [list(column) for column in zip(*postings, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (subject_id, text, folded, trade, initials, rank, tokens) "  # noqa: S608
                "SELECT s, t, f, d, i, r, k::tsvector FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], "
                "%s::text[], %s::integer[], %s::text[]) AS given(s, t, f, d, i, r, k)",
                [*columns, [_lexemes(tokens(p)) for p in postings]],
            )
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [TABLE])
        last = (cursor.fetchone() or (0,))[0]
        numbered = list(enumerate(postings, start=last + 1))
        cursor.executemany(
            f"INSERT INTO {TABLE} (id, subject_id, text, folded, trade, initials, rank) "  # noqa: S608
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [(number, *p) for number, p in numbered],
        )
        # FTS5 flushes whenever a row number falls: ascending order makes it one segment a batch.
        cursor.executemany(
            f"INSERT INTO {TOKENS} (rowid, tokens) VALUES (%s, %s)",  # noqa: S608
            sorted((p.rank << ID_BITS | number, " ".join(tokens(p))) for number, p in numbered),
        )


def unpost(posted: Sequence[Posted]) -> None:
    """Take names out, tokens first."""
    if not posted:
        return
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(
                f"INSERT INTO {TOKENS} ({TOKENS}, rowid, tokens) VALUES ('delete', %s, %s)",  # noqa: S608
                sorted((p.rank << ID_BITS | p.id, " ".join(tokens(p))) for p in posted),
            )
            cursor.executemany(f"DELETE FROM {TABLE} WHERE id = %s", [(p.id,) for p in posted])  # noqa: S608
        else:
            cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [[p.id for p in posted]])  # noqa: S608


def _match(phrases: Sequence[Phrase]) -> str:
    """The phrases, all of which must occur, in the vendor's query language."""
    if connection.vendor == "postgresql":
        return " & ".join(
            "(" + " <-> ".join(f"'{t}'" for t in phrase.tokens) + (":*" if phrase.open_end else "") + ")"
            for phrase in phrases
        )
    return " AND ".join(f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.open_end else "") for phrase in phrases)


def equal(column: str, text: str, limit: int) -> list[Posted]:
    """Names whose ``column`` (``folded`` or ``trade``) is exactly ``text``, best first."""
    sql = f"SELECT {COLUMNS} FROM {TABLE} WHERE {column} = %s ORDER BY rank, id LIMIT %s"  # noqa: S608
    return _rows(sql, [text, limit])


def matching(phrases: Sequence[Phrase], limit: int) -> list[Posted]:
    """Names in which every phrase occurs, best first, at most ``limit``."""
    match = _match(phrases)
    if connection.vendor != "postgresql":
        rowids = f"SELECT rowid FROM {TOKENS} WHERE {TOKENS} MATCH %s ORDER BY rowid LIMIT %s"  # noqa: S608
        sql = f"SELECT {COLUMNS} FROM ({rowids}) AS hit JOIN {TABLE} ON id = hit.rowid & {2**ID_BITS - 1}"  # noqa: S608
        return sorted(_rows(sql, [match, limit]), key=_best)
    found, capped = _unordered("tokens @@ %s::tsquery", match, limit)
    if capped:  # more than are read and sorted: then those a reader would rather have
        better, _ = _unordered(f"rank < {BETTER_HALF} AND tokens @@ %s::tsquery", match, limit)
        found = sorted({*better, *found}, key=_best)
    return found[:limit]


def _unordered(condition: str, match: str, limit: int) -> tuple[list[Posted], bool]:
    """The best of the first ``CAP`` matches GIN comes upon, and whether there were so many."""
    hits = f"SELECT {COLUMNS} FROM {TABLE} WHERE {condition} LIMIT {CAP}"  # noqa: S608
    sql = f"SELECT {COLUMNS}, count(*) OVER () FROM ({hits}) AS hit ORDER BY rank, id LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, limit])
        rows = cursor.fetchall()
    return [Posted(*row[:-1]) for row in rows], bool(rows) and rows[0][-1] == CAP


def _best(posted: Posted) -> tuple[int, int]:
    return posted.rank, posted.id


def _rows(sql: str, params: list[Any]) -> list[Posted]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Posted(*row) for row in cursor.fetchall()]


def ids(phrases: Sequence[Phrase]) -> RawSQL:
    """The same as a subquery, without order or limit, to narrow a list with."""
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT id FROM {TABLE} WHERE tokens @@ %s::tsquery", [_match(phrases)])  # noqa: S608, S611
    return RawSQL(  # noqa: S611
        f"SELECT rowid & {2**ID_BITS - 1} FROM {TOKENS} WHERE {TOKENS} MATCH %s",  # noqa: S608
        [_match(phrases)],
    )
