"""Numbers of files: a counter a (bureau, year, series), moved by compare-and-set in the caller's transaction."""

import re
from datetime import date

from shiheng.accounts.models import Office
from shiheng.kernel.errors import Conflict
from shiheng.procedures.models import Counter

TRIES = 50
PLAIN = "〔{year}〕{n}号"  # not shown: the number itself
"""Behind the title of a procedure that names no series."""
OWN_NAME = frozenset({"city", "district", "town"})
"""The kinds of offices that act in their own name; a section or a station acts in its bureau's."""
OF_A_TOWN = ("市监", "综执")  # not shown: within a number
"""What stands for the market bureau in a series, and what for a town's general enforcement in its place."""
_BODY = re.compile("市场监督|办事处|人民政府|综合行政执法")  # not shown: what comes before is the place
_PLACE = re.compile("([^省市区县街镇乡]+?)(?:[省市区县镇乡]|街道)")  # not shown: places in a name


def bureau_of(scope: str) -> Office | None:
    """The body in whose name an office acts: its town's or its district's, else its city's."""
    steps = scope.rstrip(".").split(".")
    above = [".".join(steps[:n]) + "." for n in range(len(steps), 0, -1)]
    offices = {office.path: office for office in Office.objects.filter(path__in=above)}
    held = [offices[path] for path in above if path in offices]
    return next((office for office in held if office.kind in OWN_NAME), held[-1] if held else None)


def short(office: Office | None) -> str:
    """What a bureau is called in its numbers: the first character of each place in its name (云泽市临江区 → 云临)."""
    whole = office.title if office else ""
    title = _BODY.split(whole, maxsplit=1)[0]
    return "".join(place[0] for place in _PLACE.findall(title))


def number(series: str, scope: str, day: date) -> str:
    """The next number of a series. ``series`` holds ``{place}``, ``{year}`` and ``{n}``."""
    bureau = bureau_of(scope)
    path = bureau.path if bureau else ""
    if bureau and bureau.kind == "town":
        series = series.replace(*OF_A_TOWN)
    n = _next(series, path, day.year)
    return series.format(place=short(bureau), year=day.year, n=n)


def _next(series: str, path: str, year: int) -> int:
    counter, _made = Counter.objects.get_or_create(scope=path, year=year, series=series)
    for _ in range(TRIES):
        last = Counter.objects.values_list("last", flat=True).get(pk=counter.pk)
        if Counter.objects.filter(pk=counter.pk, last=last).update(last=last + 1) == 1:
            return last + 1
    raise Conflict("number.busy", "编号正忙，请稍后再试。")
