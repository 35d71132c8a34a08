"""Filters of a list: fields of a real GET form, read from the URL, refused in words when they make no sense."""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from shiheng.kernel.clock import SHANGHAI
from shiheng.ui.wording import say

KINDS = {"text", "choice", "day_range", "moment_range", "number_range", "money_range", "flag"}
RANGES = {"day_range", "moment_range", "number_range", "money_range"}
LONGEST = 100
LARGEST_NUMBER = Decimal(10) ** 15

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: an ORM ``lookup`` (of ranges: the field), or ``apply(rows, value)``.

    Ranges hand ``apply`` a pair ``(from, to)``, either of which may be None; both ends are included. A money range is
    typed in yuan and compared in fen. A moment range is typed in days.
    """

    key: str
    title: str
    kind: str = "text"
    lookup: str = ""
    _: KW_ONLY
    apply: Callable[[Any, Any], Any] | None = None
    choices: Choices | Callable[[], Choices] = ()
    hint: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"filter {self.key!r}: no kind {self.kind!r}")
        if not self.lookup and self.apply is None:
            raise ValueError(f"filter {self.key!r} needs a lookup or a function")

    @property
    def is_range(self) -> bool:
        return self.kind in RANGES

    @property
    def names(self) -> list[str]:
        """The names of its fields in the URL."""
        return [f"{self.key}_from", f"{self.key}_to"] if self.is_range else [self.key]

    def options(self) -> list[tuple[str, str]]:
        held = self.choices() if callable(self.choices) else self.choices
        return [(str(v), str(say(t))) for v, t in held]

    def read(self, params: QueryDict) -> "FilterState":
        raw = [params.get(name, "").strip() for name in self.names]
        try:
            if any("\x00" in text or len(text) > LONGEST for text in raw):
                raise ValueError(_("最多 %(most)s 个字，且不能含控制字符") % {"most": LONGEST})
            value = self._value(raw)
        except ValueError as fault:
            return FilterState(self, raw, None, _("%(sentence)s。") % {"sentence": say(str(fault))})
        return FilterState(self, raw, value, "")

    def _value(self, raw: list[str]) -> Any:
        if not any(raw):
            return None
        if self.kind == "text":
            return raw[0]
        if self.kind == "flag":
            if raw[0] not in {"1", "on"}:
                raise ValueError("只能勾选或不勾选")
            return True
        if self.kind == "choice":
            if raw[0] not in {v for v, _ in self.options()}:
                raise ValueError("没有这个选项")
            return raw[0]
        reader: Callable[[str], Any] = _day if self.kind in {"day_range", "moment_range"} else _decimal
        low, high = (reader(text) if text else None for text in raw)
        if low is not None and high is not None and low > high:
            raise ValueError("起不能大于止")
        return (low, high)


@dataclass(frozen=True, slots=True)
class FilterState:
    """A filter as this URL sets it."""

    filter: Filter
    raw: list[str]
    value: Any
    error: str

    @property
    def active(self) -> bool:
        return self.value is not None

    @property
    def first(self) -> str:
        return self.raw[0]

    @property
    def second(self) -> str:
        return self.raw[-1]

    @property
    def words(self) -> str:
        """The filter in force, in words."""
        if self.filter.kind == "flag":
            return str(say(self.filter.title))
        return _("%(title)s：%(value)s") % {"title": say(self.filter.title), "value": self._value_words()}

    def _value_words(self) -> str:
        if self.filter.kind == "choice":
            return dict(self.filter.options())[self.raw[0]]
        if not self.filter.is_range:
            return self.raw[0]
        low, high = self.raw
        ends = {"low": low, "high": high, "unit": _("元") if self.filter.kind == "money_range" else ""}
        if low and high:
            return _("%(low)s 至 %(high)s%(unit)s") % ends
        return (_("%(low)s%(unit)s 起") if low else _("至 %(high)s%(unit)s")) % ends

    def apply(self, rows: Any) -> Any:
        """The rows this filter keeps."""
        kind = self.filter.kind
        value = self.value
        if kind == "money_range":
            value = tuple(None if v is None else int(v * 100) for v in value)
        if kind == "moment_range" and self.filter.apply is None:
            return rows.filter(**self._moments(value))
        if self.filter.apply is not None:
            return self.filter.apply(rows, value)
        if not isinstance(rows, QuerySet):
            raise TypeError(f"filter {self.filter.key!r}: rows that are no queryset need apply=")
        if self.filter.is_range:
            low, high = value
            limits = {f"{self.filter.lookup}__gte": low, f"{self.filter.lookup}__lte": high}
            return rows.filter(**{k: v for k, v in limits.items() if v is not None})
        return rows.filter(**{self.filter.lookup: value})

    def _moments(self, value: tuple[date | None, date | None]) -> dict[str, datetime]:
        low, high = value
        limits: dict[str, datetime] = {}
        if low is not None:
            limits[f"{self.filter.lookup}__gte"] = datetime.combine(low, time.min, SHANGHAI)
        if high is not None:
            limits[f"{self.filter.lookup}__lt"] = datetime.combine(high + timedelta(days=1), time.min, SHANGHAI)
        return limits


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        raise ValueError(_("“%(text)s”不是日期，请写成 2026-11-21") % {"text": text}) from None
    if not 1900 <= found.year <= 9998:
        raise ValueError(_("“%(text)s”超出可查的年份") % {"text": text})
    return found


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(_("“%(text)s”不是数字") % {"text": text}) from None
    if not found.is_finite() or abs(found) > LARGEST_NUMBER:
        raise ValueError(_("“%(text)s”超出可查的范围") % {"text": text})
    return found
