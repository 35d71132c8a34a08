"""Territory as a materialised path, and the one way to narrow rows to it: an indexed half-open range per office."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Func, Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from shiheng.accounts.permissions import Who

AnyModel = TypeVar("AnyModel", bound=models.Model)


class ScopeField(models.CharField):
    """The path of the office a row belongs to, e.g. ``4499.01.03.``; compared byte by byte on every database.

    PostgreSQL would otherwise order the path by the cluster's language, and a half-open range would miss rows.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        # Django leaves out False, its own default; ours is True, so migrations must say which.
        return name, path, args, {**kwargs, "db_index": self.db_index}  # type: ignore[attr-defined]

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def after(path: str) -> str:
    """The first text that no longer begins with ``path`` (paths end in a full stop; the next character is a slash)."""
    return path[:-1] + chr(ord(path[-1]) + 1)


def within(paths: tuple[str, ...], field: str = "scope") -> Q:
    """Rows inside any of ``paths``; no path means no row, the empty path means every row."""
    if "" in paths:
        return Q()
    territory = Q(pk__in=())
    for path in paths:
        territory |= Q(**{f"{field}__gte": path, f"{field}__lt": after(path)})
    return territory


def above(paths: tuple[str, ...]) -> list[str]:
    """The paths of the offices that ``paths`` lie under: ``4499.01.03.`` lies under ``4499.`` and ``4499.01.``."""
    found: set[str] = set()
    for path in paths:
        steps = path.rstrip(".").split(".")
        found.update(".".join(steps[:n]) + "." for n in range(1, len(steps)))
    return sorted(found)


def narrow(rows: "QuerySet[AnyModel]", who: Who, power: str, field: str = "scope") -> "QuerySet[AnyModel]":
    """The rows over whose territory ``who`` holds ``power``."""
    return rows.filter(within(who.paths(power), field))


class _Likely(Func):
    """A condition most rows meet, as SQLite's planner is told; PostgreSQL counts for itself."""

    output_field = models.BooleanField()
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="likely(%(expressions)s)", **options)


def narrow_in_order(rows: "QuerySet[AnyModel]", who: Who, power: str) -> "QuerySet[AnyModel]":
    """As ``narrow``, for a list whose orders have indexes that also hold the territory.

    SQLite takes a range for narrow: it would gather a whole city and sort it to show one page. So it is told that the
    territory keeps most rows, and reads the list's own order until the page is full.
    """
    return rows.filter(within_in_order(who.paths(power)))


def within_in_order(paths: tuple[str, ...]) -> Q:
    """As ``within``, for a list read in its own order; see ``narrow_in_order``."""
    if "" in paths:
        return Q()
    territory = Q(pk__in=())
    for path in paths:
        territory |= Q(_Likely(GreaterThanOrEqual(F("scope"), path))) & Q(_Likely(LessThan(F("scope"), after(path))))
    return territory
