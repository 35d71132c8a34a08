"""Numbers of files: a counter a (bureau, year, series), moved by compare-and-set in the caller's transaction."""

import re
from datetime import date

from shiheng.accounts.models import Office
from shiheng.kernel.errors import Conflict
from shiheng.procedures.models import Counter

TRIES = 50
PLAIN = "〔{year}〕{n}号"  # not shown: the number itself
"""Behind the title of a procedure that names no series."""
_PLACE = re.compile("([^省市区县]+?)[省市区县]")  # not shown: places in a name


def bureau_of(scope: str) -> Office | None:
    """The bureau in whose name an office acts: its district's, else its city's."""
    steps = scope.rstrip(".").split(".")
    above = [".".join(steps[:n]) + "." for n in range(len(steps), 0, -1)]
    offices = {office.path: office for office in Office.objects.filter(path__in=above)}
    held = [offices[path] for path in above if path in offices]
    return next((office for office in held if office.kind in {"district", "city"}), held[-1] if held else None)


def short(office: Office | None) -> str:
    """What a bureau is called in its numbers: the first character of each place in its name (云泽市临江区 → 云临)."""
    whole = office.title if office else ""
    title = whole.partition("市场监督")[0]  # not shown: what comes before is the place
    return "".join(place[0] for place in _PLACE.findall(title))


def number(series: str, scope: str, day: date) -> str:
    """The next number of a series. ``series`` holds ``{place}``, ``{year}`` and ``{n}``."""
    bureau = bureau_of(scope)
    path = bureau.path if bureau else ""
    n = _next(series, path, day.year)
    return series.format(place=short(bureau), year=day.year, n=n)


def _next(series: str, path: str, year: int) -> int:
    counter, _made = Counter.objects.get_or_create(scope=path, year=year, series=series)
    for _ in range(TRIES):
        last = Counter.objects.values_list("last", flat=True).get(pk=counter.pk)
        if Counter.objects.filter(pk=counter.pk, last=last).update(last=last + 1) == 1:
            return last + 1
    raise Conflict("number.busy", "编号正忙，请稍后再试。")
