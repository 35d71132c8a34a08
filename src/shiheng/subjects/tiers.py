"""Posts of names that hold a piece of text, best first, in one statement: the databases' own half of search.

First trade names that are the text, then trade names and names that begin with it, then names that hold it anywhere.
Every part of the statement hands posts out in their order and the whole ends when enough are found, so that a common
piece costs no more than a rare one. Several parts may hold the same name: the first counts.

FTS5 finds pieces that stand one after another by itself. On PostgreSQL names are looked up by the rarest pair of
characters and compared.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from shiheng.subjects import naming
from shiheng.subjects.postings import PIECES, RANK_BITS, RANKS, SUBJECTS, TABLE, TOKENS

# So many names with the same four characters at their head are looked at for one that begins with more; what lies
# beyond them is found in the order of names that hold the text anywhere.
LOOKED_AT = 40
# The names of a pair that so few hold are compared one by one; of commoner pairs several must occur.
FEW = 5_000
SOME = 300  # of names that hold several common pairs no more are compared
LETTERED = 1_001
REMEMBERED = 50_000


def tiered(text: str, limit: int) -> list[int]:
    """The names that are, begin with or hold ``text``, best first; one may come twice."""
    vendor = connection.vendor
    begin = naming.START + text[: naming.LONGEST_BEGINNING]
    held, given = _holding(vendor, [text])
    if len(text) <= naming.LONGEST_BEGINNING:
        return _posts(_short(held), [begin, limit, *given, 2 * limit])
    looked_at = [begin, LOOKED_AT, len(text), text, len(text), text]
    return _posts(_long(vendor, held), [text, limit, text, limit, *looked_at, *given, 2 * limit])


_BEGINS = f"SELECT post FROM {PIECES} WHERE piece = %s ORDER BY post LIMIT %s"  # noqa: S608


@cache
def _short(held: str) -> str:
    """The statement for texts there are beginnings of."""
    return f"SELECT post FROM ({_BEGINS}) AS begun UNION ALL SELECT post FROM ({held}) AS held LIMIT %s"  # noqa: S608


@cache
def _long(vendor: str, held: str) -> str:
    """The statement for longer texts: what begins with their first four characters is compared further."""
    equal = f"SELECT rank, subject_id FROM {TABLE} WHERE {{}} = %s ORDER BY rank, id LIMIT %s"  # noqa: S608
    of_trade = f"substr(n.folded, {_at(vendor)}(n.folded, n.trade), %s) = %s"
    begun = _compared(_BEGINS, vendor, f"(substr(n.folded, 1, %s) = %s OR {of_trade})")
    return (
        f"SELECT (CAST(rank AS bigint) << {RANK_BITS}) | subject_id AS post FROM ({equal.format('folded')}) AS whole "  # noqa: S608
        f"UNION ALL SELECT (CAST(rank AS bigint) << {RANK_BITS}) | subject_id FROM ({equal.format('trade')}) AS own "
        f"UNION ALL SELECT post FROM ({begun}) AS begun UNION ALL SELECT post FROM ({held}) AS held LIMIT %s"
    )


def _at(vendor: str) -> str:
    return "strpos" if vendor == "postgresql" else "instr"


def _contains(vendor: str) -> str:
    return f"{_at(vendor)}(n.folded, %s) > 0"


def _compared(posts: str, vendor: str, condition: str, columns: str = "hit.post AS post") -> str:
    """Of these posts those whose names meet a condition, in the order of the posts."""
    own = f"n.subject_id = (hit.post & {SUBJECTS}) AND n.rank = ((hit.post >> {RANK_BITS}) & {RANKS})"
    if vendor == "postgresql":  # what is behind OFFSET is asked once a post: no plan can begin with the names
        names = f"SELECT n.folded FROM {TABLE} AS n WHERE {own} AND {condition} OFFSET 0"  # noqa: S608
        return f"SELECT {columns} FROM ({posts}) AS hit CROSS JOIN LATERAL ({names}) AS n"  # noqa: S608
    return f"SELECT {columns} FROM ({posts}) AS hit CROSS JOIN {TABLE} AS n ON {own} WHERE {condition}"  # noqa: S608


def _holding(vendor: str, parts: Sequence[str]) -> tuple[str, list[str]]:
    """The posts of names that hold every part, best first, and what the statement is given."""
    if vendor != "postgresql":
        return _MATCHING, [" AND ".join(map(_phrase, parts))]
    if len(parts) == 1 and len(parts[0]) <= 2:
        return _all_of(1), [parts[0]]
    pieces = _rarest(parts)
    compared = _compared(_all_of(len(pieces)), vendor, " AND ".join([_contains(vendor)] * len(parts)))
    return compared, [*pieces, *parts]


_MATCHING = f"SELECT rowid AS post FROM {TOKENS} WHERE {TOKENS} MATCH %s ORDER BY rowid"  # noqa: S608


def _phrase(part: str) -> str:
    """A piece of a name as FTS5 is asked for it; one or two characters are the beginning of a triple."""
    return (
        f'"{" ".join(map("".join, zip(part, part[1:], part[2:], strict=False)))}"' if len(part) > 2 else f'"{part}" *'
    )


@cache
def _all_of(pieces: int) -> str:
    """On PostgreSQL: the posts of names in which so many pieces all occur, best first."""
    also = f" AND EXISTS (SELECT 1 FROM {PIECES} AS o WHERE o.piece = %s AND o.post = p.post)" * (pieces - 1)  # noqa: S608
    return f"SELECT p.post FROM {PIECES} AS p WHERE p.piece = %s{also} ORDER BY p.post"  # noqa: S608


def _rarest(parts: Sequence[str]) -> list[str]:
    """The pieces to look names up by that hold every part: the rarest, or several where it is common."""
    pairs = [pair for part in parts for pair in naming.grams(part)]
    if not pairs:
        return list(dict.fromkeys(parts))
    counts = often(pairs)
    ordered = sorted(counts, key=lambda pair: counts[pair])
    return ordered[:1] if counts[ordered[0]] < FEW else ordered[:3]


_known: dict[str, int] = {}


def often(pairs: Sequence[str]) -> dict[str, int]:
    """In how many names each pair stands, counted up to ``FEW``.

    Remembered, as it only decides which way names are looked up, never which are found.
    """
    distinct = list(dict.fromkeys(pairs))
    if unknown := [pair for pair in distinct if pair not in _known]:
        if len(_known) > REMEMBERED:
            _known.clear()
        _known.update(_counted(unknown))
    return {pair: _known[pair] for pair in distinct}


def _counted(pairs: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            some = f"SELECT 1 FROM {PIECES} WHERE piece = asked LIMIT {FEW}"  # noqa: S608
            cursor.execute(
                f"SELECT asked, (SELECT count(*) FROM ({some}) AS few) FROM unnest(%s::text[]) AS a(asked)",  # noqa: S608
                [pairs],
            )
            return dict(cursor.fetchall())
        some = f"(SELECT count(*) FROM (SELECT 1 FROM {TOKENS} WHERE {TOKENS} MATCH %s LIMIT {FEW}))"  # noqa: S608
        cursor.execute(f"SELECT {', '.join([some] * len(pairs))}", list(map(_phrase, pairs)))
        return dict(zip(pairs, cursor.fetchone(), strict=True))


def holding(parts: Sequence[str], limit: int) -> list[int]:
    """Names in which every part occurs, best first."""
    held, given = _holding(connection.vendor, parts)
    return _posts(f"{held} LIMIT %s", [*given, limit])


def near(groups: Sequence[Sequence[str]], ends: tuple[str, str], most: int) -> list[tuple[int, str]]:
    """Names in which every pair of any group occurs, and one of the two ends of a text; so many of a pair."""
    vendor = connection.vendor
    parts, given = [], []
    for group in groups:
        posts = _all_of(len(group)) if vendor == "postgresql" else _MATCHING
        limit = most if len(group) == 1 else SOME
        parts.append(f"SELECT post FROM ({posts} LIMIT {limit}) AS few")  # noqa: S608
        given += list(group) if vendor == "postgresql" else [" AND ".join(map(_phrase, group))]
    if not parts:
        return []
    held = f"({_contains(vendor)} OR {_contains(vendor)})"
    sql = _compared(" UNION ".join(parts), vendor, held, "hit.post, n.folded")
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, *ends])
        return list(cursor.fetchall())


def lettered(letters: str, limit: int) -> list[int]:
    """Names whose pinyin initials begin so; on PostgreSQL the best of the first thousand in order of letters."""
    begin = naming.INITIAL + letters
    if connection.vendor != "postgresql":
        return _posts(f"{_MATCHING} LIMIT %s", [f'"{begin}" *', limit])
    some = f"SELECT post FROM {PIECES} WHERE piece >= %s AND piece < %s LIMIT %s"  # noqa: S608
    found = _posts(some, [begin, begin + "\U0010ffff", max(limit, LETTERED)])
    return sorted(set(found))[:limit]


def count(text: str, most: int) -> int:
    """How many subjects have a name that holds ``text``, counted up to ``most``."""
    held, given = _holding(connection.vendor, [text])
    sql = f"SELECT count(*) FROM (SELECT DISTINCT post & {SUBJECTS} FROM ({held}) AS held LIMIT %s) AS found"  # noqa: S608
    return _posts(sql, [*given, most])[0]


def subjects(part: str) -> RawSQL:
    """The subjects of all names that hold ``part``, as a subquery to narrow a list with."""
    held, given = _holding(connection.vendor, [part])
    return RawSQL(f"SELECT post & {SUBJECTS} FROM ({held}) AS held", given)  # noqa: S608, S611


def subjects_lettered(letters: str) -> RawSQL:
    """The subjects of all names whose pinyin initials begin so, as a subquery."""
    begin = naming.INITIAL + letters
    if connection.vendor != "postgresql":
        return RawSQL(f"SELECT post & {SUBJECTS} FROM ({_MATCHING}) AS held", [f'"{begin}" *'])  # noqa: S608, S611
    posts = f"SELECT post & {SUBJECTS} FROM {PIECES} WHERE piece >= %s AND piece < %s"  # noqa: S608
    return RawSQL(posts, [begin, begin + "\U0010ffff"])  # noqa: S611


def _posts(sql: str, params: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]
