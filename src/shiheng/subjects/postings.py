"""Where each database keeps the pieces names are found by, written in the caller's transaction: nothing can drift.

A *post* is a number that begins with the rank of a name and ends with its subject; a subject has no two names of one
rank. The posts of a piece, in order, are its names, best first, and whoever reads them stops as soon as enough are
found. What names begin with is a table of (piece, post) on both databases. What they hold anywhere is an FTS5 table on
SQLite, whose row numbers are posts; on PostgreSQL, where GIN cannot order, more rows of the same table. Migration 0016
creates both.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import connection

from shiheng.subjects import naming

RANK_BITS = 53  # below it the subject, whose id has so many bits
WAY_BITS = 61  # above the rank: how the name begins with the piece, in the two bits a signed number has left
SUBJECTS = 2**RANK_BITS - 1
RANKS = 2 ** (WAY_BITS - RANK_BITS) - 1
PARTS = 3  # the FTS5 table is merged when it lies in more parts; every search asks each of them
STEP, STEPS = 500, 10_000  # pages a step
CLASS = 64  # ranks of each class of names: current or former, of a subject still there or gone
TABLE = "subjects_searchname"
TOKENS = "subjects_searchtoken"
PIECES = "subjects_searchpiece"


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


def number(rank: int, subject_id: int) -> int:
    """The post of a name."""
    return rank << RANK_BITS | subject_id


def name_of(post: int) -> tuple[int, int]:
    """The subject of a post, and the rank of its name."""
    return post & SUBJECTS, post >> RANK_BITS & RANKS


def post(postings: Sequence[Posting]) -> None:
    """Write names with their pieces."""
    if not postings:
        return
    columns = ", ".join(Posting._fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {TABLE} ({columns}) "  # noqa: S608
                "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[])",
                [list(column) for column in zip(*postings, strict=True)],
            )
        else:
            cursor.executemany(
                f"INSERT INTO {TABLE} ({columns}) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608
                postings,
            )
    post_pieces(postings)


def post_pieces(posted: Sequence[Posting | Posted]) -> None:
    """Write the pieces of names that stand there already."""
    pieces = sorted(piece for name in posted for piece in _pieces(name))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {PIECES} (piece, post) SELECT * FROM unnest(%s::text[], %s::bigint[])",  # noqa: S608
                [list(column) for column in zip(*pieces, strict=True)],
            )
            return
        cursor.executemany(f"INSERT INTO {PIECES} (piece, post) VALUES (%s, %s)", pieces)  # noqa: S608
        # FTS5 flushes whenever a row number falls: ascending order makes it one segment a batch.
        cursor.executemany(
            f"INSERT INTO {TOKENS} (rowid, tokens) VALUES (%s, %s)",  # noqa: S608
            sorted((number(name.rank, name.subject_id), _tokens(name)) for name in posted),
        )


def unpost(posted: Sequence[Posted]) -> None:
    """Take names out, pieces first."""
    if not posted:
        return
    pieces = sorted(piece for name in posted for piece in _pieces(name))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"DELETE FROM {PIECES} AS held USING unnest(%s::text[], %s::bigint[]) AS gone(piece, post) "  # noqa: S608
                "WHERE held.piece = gone.piece AND held.post = gone.post",
                [list(column) for column in zip(*pieces, strict=True)],
            )
            cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [[name.id for name in posted]])  # noqa: S608
            return
        cursor.executemany(f"DELETE FROM {PIECES} WHERE piece = %s AND post = %s", pieces)  # noqa: S608
        cursor.executemany(
            f"INSERT INTO {TOKENS} ({TOKENS}, rowid, tokens) VALUES ('delete', %s, %s)",  # noqa: S608
            sorted((number(name.rank, name.subject_id), _tokens(name)) for name in posted),
        )
        cursor.executemany(f"DELETE FROM {TABLE} WHERE id = %s", [(name.id,) for name in posted])  # noqa: S608


def _pieces(name: Posting | Posted) -> Iterator[tuple[str, int]]:
    """The rows of one name in the table of pieces."""
    own = number(name.rank, name.subject_id)
    for piece, way in naming.beginnings(name.folded, name.trade).items():
        yield naming.START + piece, way << WAY_BITS | own
    if connection.vendor == "postgresql":
        for piece in dict.fromkeys((*name.folded, *naming.grams(name.folded))):
            yield piece, own
        for letters in name.initials.split():
            yield naming.INITIAL + letters, own


def _tokens(name: Posting | Posted) -> str:
    """What FTS5 is given of one name; one or two characters are the beginning of a triple."""
    return " ".join((*naming.threes(name.folded), *(naming.INITIAL + letters for letters in name.initials.split())))


def tidy() -> int:
    """On SQLite: merge what many writings left of the FTS5 table, as each search asks every part; how many steps.

    Each step is a transaction of its own and short: writers wait for none of them for long.
    """
    if connection.vendor == "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT segid) FROM {TOKENS}_idx")  # noqa: S608
        if cursor.fetchone()[0] <= PARTS:
            return 0
        merge = f"INSERT INTO {TOKENS} ({TOKENS}, rank) VALUES ('merge', %s)"  # noqa: S608
        for step in range(STEPS):
            cursor.execute("SELECT total_changes()")
            before = cursor.fetchone()[0]
            cursor.execute(merge, [-STEP if step == 0 else STEP])
            cursor.execute("SELECT total_changes()")
            if cursor.fetchone()[0] - before < 2:
                return step + 1
    return STEPS
