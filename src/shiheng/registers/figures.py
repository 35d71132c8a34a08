"""A register counted: by place, by month of beginning, by its own facts, by years in a row; each opens its rows."""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.registers.definition import CURRENT, OVER, SOON, SOON_OVER, Register, choices_of, kind_of
from shiheng.registers.models import Entry, Indexed
from shiheng.registers.queries import latest_in_a_row, visible_to
from shiheng.ui import charts
from shiheng.ui.charts import Bar, Chart
from shiheng.ui.wording import say

MOST = 15
STANDING = "here=1"
"""Only what stands on the register, as it is counted."""
MONTHS = 24
BANDS = ((10, None), (5, 9), (3, 4), (2, 2), (1, 1))


@dataclass(frozen=True, slots=True)
class Part:
    """One way of counting: a chart whose bars lead to their rows."""

    title: str
    chart: Chart


def of(who: Who, register: Register) -> list[Part]:
    """Every way of counting a register knows."""
    rows = visible_to(who, register).filter(ended=False)
    place = reverse("register", args=[register.code])
    found = [_in_time(register, rows, place), _by_office(who, rows, place), _by_month(rows, place)]
    found += [_by_fact(register, rows, place, name) for name in register.counted_by]
    if register.yearly:
        found.append(_in_a_row(register, rows, place))
    return [part for part in found if part is not None]


def _part(title: str, bars: list[Bar], sentence: str = "") -> Part | None:
    if not bars:
        return None
    unit = pgettext("after a number of entries", "条")
    return Part(title, charts.bar(title, bars, sentence=sentence, unit=unit, name=_("条目")))


def _in_time(register: Register, rows: "QuerySet[Entry]", place: str) -> Part | None:
    """Of what falls due at all, what is past it, what soon will be, and the share that is in time."""
    if not register.due:
        return None
    today = clock.today()
    owed = rows.exclude(due=None)
    late, soon = owed.filter(due__lt=today).count(), owed.filter(due__gte=today, due__lte=today + SOON).count()
    if not (number := owed.count()):
        return None
    day, since = timedelta(days=1), f"{place}?{STANDING}&f-{register.due}"
    bars = [
        Bar(OVER.title, late, f"{since}_to={today - day}", OVER.tone),
        Bar(SOON_OVER.title, soon, f"{since}_from={today}&f-{register.due}_to={today + SOON}", SOON_OVER.tone),
        Bar(CURRENT.title, number - late - soon, f"{since}_from={today + SOON + day}", CURRENT.tone),
    ]
    in_time = number - late
    words = {"due": say(register.titles[register.due]), "number": number, "in_time": in_time}
    words["share"] = f"{100 * in_time / number:.2f}"
    told = _("有“%(due)s”的 %(number)s 条，没有超期的 %(in_time)s 条，占 %(share)s%%。") % words
    return _part(str(_("是否到期")), bars, str(told))


def _by_office(who: Who, rows: "QuerySet[Entry]", place: str) -> Part | None:
    counts: Counter[str] = Counter(dict(rows.order_by().values_list("scope").annotate(Count("pk"))))
    offices = Office.objects.filter(within(who.paths(May.READ_REGISTERS), "path"), path__in=list(counts))
    titles = dict(offices.values_list("path", "title"))
    shown = counts.most_common(MOST)
    bars = [
        Bar(titles.get(path, path or str(_("未定管辖"))), n, f"{place}?{STANDING}&office={path}" if path else "")
        for path, n in shown
    ]
    return _part(str(_("按管辖单位")), bars)


def _by_month(rows: "QuerySet[Entry]", place: str) -> Part | None:
    counted = rows.exclude(since=None).order_by().annotate(month=TruncMonth("since")).values_list("month")
    counts: dict[Any, int] = dict(counted.annotate(Count("pk")))
    bars = []
    for month in sorted(counts)[-MONTHS:]:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        bars.append(Bar(f"{month:%Y-%m}", counts[month], f"{place}?{STANDING}&since_from={month}&since_to={last}"))
    return _part(str(_("按起始月份")), bars)


def _by_fact(register: Register, rows: "QuerySet[Entry]", place: str, name: str) -> Part | None:
    info = register.facts.model_fields[name]
    held = Indexed.objects.filter(register=register.code, field=name, entry__in=rows.order_by().values("pk"))
    counts: Counter[str] = Counter(dict(held.order_by().values_list("text").annotate(Count("pk"))))
    offered = choices_of(info) or ({"1": "是", "0": "否"} if kind_of(info) == "flag" else {})
    key = f"f-{name}"
    ranged = kind_of(info) in {"number", "money", "day"} and not offered

    def href(value: str) -> str:
        return (
            f"{place}?{STANDING}&{key}_from={value}&{key}_to={value}" if ranged else f"{place}?{STANDING}&{key}={value}"
        )

    bars = [Bar(str(say(offered.get(value, value))), n, href(value)) for value, n in counts.most_common(MOST)]
    return _part(str(_("按%(title)s") % {"title": say(info.title or name)}), bars)


def _in_a_row(register: Register, rows: "QuerySet[Entry]", place: str) -> Part | None:
    counts = Counter(years for _entry, years in latest_in_a_row(register, rows))
    bars = []
    for low, high in BANDS:
        n = sum(count for years, count in counts.items() if years >= low and (high is None or years <= high))
        title = _("连续 %(low)s 年") if low == high else _("连续 %(low)s–%(high)s 年")
        title = _("连续 %(low)s 年以上") if high is None else title
        bars.append(
            Bar(str(title % {"low": low, "high": high}), n, f"{place}?{STANDING}&row_from={low}&row_to={high or 99}")
        )
    return _part(str(_("按连续年数")), bars) if counts else None
