"""Whole columns of text folded for comparing, and put through tables of characters. Pure."""

from collections.abc import Iterable

import polars as pl

from shiheng.subjects import naming

# Folding would drop it as no letter, so every table is given it by hand.
_BETWEEN = "\x1e"
BRACKETED = r"[（(〔\[【][^（()）〔〕\[\]【】]*[）)〕\]】]"
"""A remark in brackets, as a pattern for ``str.replace_all``."""


class Table(dict[int, str]):
    """Character → what it becomes, worked out once a character."""

    def __init__(self) -> None:
        super().__init__({ord(_BETWEEN): _BETWEEN})


class _Folded(Table):
    def __missing__(self, point: int) -> str:
        self[point] = naming.fold(chr(point))
        return self[point]


FOLDED = _Folded()


def translated(texts: pl.Series, table: Table) -> pl.Series:
    """Every text through one table, as one long text: a tenth of the time of going one by one."""
    if texts.is_empty():
        return texts
    whole = _BETWEEN.join(text.replace(_BETWEEN, "") for text in texts.fill_null("").to_list())
    return pl.Series(texts.name, whole.translate(table).split(_BETWEEN), dtype=pl.String)


def stepwise(frame: pl.DataFrame, steps: Iterable[pl.Expr | list[pl.Expr]]) -> pl.DataFrame:
    """Columns added step by step, each step seeing the last.

    As one plan that nobody tries to better: for a handful of rows most of the time goes into starting each step.
    """
    plan = frame.lazy()
    for step in steps:
        plan = plan.with_columns(step)
    return plan.collect(optimizations=pl.QueryOptFlags.none())
