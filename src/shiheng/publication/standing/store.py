"""The published store: one SQLite file that holds what everybody may read and nothing else, sought by name and code.

Written whole beside the old one and put in its place in one step; readers notice and open the new one. Names of
businesses are sought by pairs of characters; there is nothing in it to seek a person by.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

NAME = "published.sqlite3"
AT_ONCE = 1_000
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (id INTEGER PRIMARY KEY, uscc TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
                   address TEXT NOT NULL, names TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE gram (gram TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (gram, id)) WITHOUT ROWID;
CREATE TABLE page (code TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE line (page TEXT NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (page, n)) WITHOUT ROWID;
"""
SHORTEST, SHOWN, LOOKED = 2, 20, 2_000


def folded(text: str) -> str:
    """A name as it is sought."""
    return "".join(text.split()).casefold()


def grams(text: str) -> set[str]:
    plain = folded(text)
    return {plain[n : n + 2] for n in range(len(plain) - 1)}


def write(
    folder: Path,
    files: Iterable[Mapping[str, Any]],
    pages: Iterable[tuple[str, Mapping[str, Any], Iterable[Any]]],
    *,
    meta: Mapping[str, Any],
) -> int:
    """Write the store anew and put it in place; gives how many public files it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{NAME}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    made = sqlite3.connect(fresh)
    try:
        made.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        count = sum(_put(made, part) for part in _parts(files))
        for code, about, lines in pages:
            made.execute("INSERT INTO page VALUES (?, ?)", (code, _json(about)))
            rows = ((code, n, _json(row)) for n, row in enumerate(lines))
            made.executemany("INSERT INTO line VALUES (?, ?, ?)", rows)
        made.execute("CREATE INDEX file_by_uscc ON file (uscc)")
        made.executemany("INSERT INTO meta VALUES (?, ?)", [(key, _json(value)) for key, value in meta.items()])
        made.commit()
    finally:
        made.close()
    with fresh.open("rb") as held:
        os.fsync(held.fileno())
    fresh.replace(folder / NAME)
    return count


def _parts(files: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    waiting = iter(files)
    return iter(lambda: list(islice(waiting, AT_ONCE)), [])


def _put(made: sqlite3.Connection, files: Sequence[Mapping[str, Any]]) -> int:
    rows, found = [], []
    for file in files:
        names = [str(name[0]) for name in file["names"]] or [str(file["name"])]
        rows.append((file["id"], file["uscc"], file["name"], file["status"], file["address"],
                     "\n".join(map(folded, names)), _json(file)))  # fmt: skip
        found += [(gram, file["id"]) for gram in set().union(*map(grams, names))]
    made.executemany("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    made.executemany("INSERT OR IGNORE INTO gram VALUES (?, ?)", sorted(found))
    return len(rows)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


@dataclass(frozen=True, slots=True)
class Hit:
    """One business found: ``former`` is the earlier name that matched, where the present one does not."""

    id: int
    uscc: str
    name: str
    status: str
    address: str

    @property
    def key(self) -> str:
        return self.uscc or str(self.id)


class Store:
    """The store as threads of a server read it; when the file is replaced, the next question opens the new one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held = threading.local()

    def _open(self) -> sqlite3.Connection:
        path = self.folder / NAME
        mark = path.stat().st_ino, path.stat().st_mtime_ns
        if getattr(self._held, "mark", None) != mark:
            if old := getattr(self._held, "connection", None):
                old.close()
            opened = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._held.connection, self._held.mark = opened, mark
        held: sqlite3.Connection = self._held.connection
        return held

    def meta(self) -> dict[str, Any]:
        return {key: json.loads(value) for key, value in self._open().execute("SELECT key, value FROM meta")}

    def body(self, key: str) -> str | None:
        """The public file of a code or number, as the JSON it is kept in."""
        text = key.strip().upper()
        held = self._open()
        row = held.execute("SELECT body FROM file WHERE uscc = ?", (text,)).fetchone() if len(text) == 18 else None
        if row is None and text.isascii() and text.isdigit() and len(text) < 19:
            row = held.execute("SELECT body FROM file WHERE id = ?", (int(text),)).fetchone()
        return row[0] if row else None

    def find(self, text: str, *, offset: int = 0, limit: int = SHOWN) -> list[Hit]:
        """Businesses whose present or former name holds the text, or whose code begins with it."""
        plain = folded(text)
        held = self._open()
        columns = "id, uscc, name, status, address"
        if len(plain) < SHORTEST:
            return []
        if plain.isascii() and plain.isalnum() and len(plain) >= 4 and plain[0].isdigit():
            sql = f"SELECT {columns} FROM file WHERE uscc >= ? AND uscc < ? ORDER BY uscc LIMIT ? OFFSET ?"  # noqa: S608
            code = plain.upper()
            return [Hit(*row) for row in held.execute(sql, (code, code + "~", limit, offset))]
        wanted = sorted(grams(plain))
        joined = " INTERSECT ".join("SELECT id FROM gram WHERE gram = ?" for _gram in wanted)
        sql = (
            f"SELECT {columns} FROM file WHERE id IN (SELECT id FROM ({joined}) LIMIT {LOOKED})"  # noqa: S608
            " AND instr(names, ?) > 0 ORDER BY status <> 'active', length(name), id LIMIT ? OFFSET ?"
        )
        return [Hit(*row) for row in held.execute(sql, (*wanted, plain, limit, offset))]

    def page(self, code: str) -> dict[str, Any] | None:
        row = self._open().execute("SELECT body FROM page WHERE code = ?", (code,)).fetchone()
        return json.loads(row[0]) if row else None

    def pages(self, group: str) -> list[tuple[str, dict[str, Any]]]:
        sql = "SELECT code, body FROM page WHERE code LIKE ? ORDER BY code"
        return [(code, json.loads(body)) for code, body in self._open().execute(sql, (f"{group}-%",))]

    def lines(self, code: str, *, offset: int = 0, limit: int = 100) -> list[Any]:
        sql = "SELECT body FROM line WHERE page = ? AND n >= ? ORDER BY n LIMIT ?"
        return [json.loads(body) for (body,) in self._open().execute(sql, (code, offset, limit))]
