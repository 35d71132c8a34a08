"""DuckDB, embedded: one connection a thread, no network, no extensions to fetch."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

_local = threading.local()


def connection() -> duckdb.DuckDBPyConnection:
    """This thread's in-memory connection."""
    held: duckdb.DuckDBPyConnection | None = getattr(_local, "connection", None)
    if held is None:
        held = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "threads": "2"})
        held.execute("SET preserve_insertion_order = false")
        _local.connection = held
    return held


def query(
    sql: str, parameters: Sequence[Any] = (), *, tables: Mapping[str, pl.DataFrame] | None = None
) -> pl.DataFrame:
    """Run one query; ``tables`` are frames it may name. Gives a Polars frame."""
    held = connection()
    given = tables or {}
    for name, frame in given.items():
        held.register(name, frame.to_arrow())
    try:
        return held.execute(sql, list(parameters)).pl()
    finally:
        for name in given:
            held.unregister(name)
