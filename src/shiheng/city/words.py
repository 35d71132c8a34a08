"""Word lists of the invented city, kept as a table so that they can be read and mended without reading code."""

from functools import cache
from importlib.resources import files


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of one kind, e.g. ``road``."""
    text = files(__package__).joinpath("words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(dict(rows)[kind].split(" "))
