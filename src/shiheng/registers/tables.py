"""The list of a register as its declaration makes it: columns, filters, orders; the same rows go into the export."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from pydantic.fields import FieldInfo

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.registers.contents import shown
from shiheng.registers.definition import STANDINGS, SUBJECT, Register, choices_of, hint_of, kind_of
from shiheng.registers.models import Entry, Indexed, Version
from shiheng.registers.queries import latest_in_a_row, standing_as, standing_of
from shiheng.subjects import search
from shiheng.subjects.models import Subject
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

KINDS = {"day": "day", "number": "number", "money": "money"}
RANGES = {"day": "day_range", "number": "number_range", "money": "money_range"}
EXPORT_MOST = 1_000_000
"""What one sheet of a workbook holds."""
SHOWN = 6
"""How many facts are columns at first; the others can be added."""
FEW = 2_000
"""Up to so many matches a fact's filter is read from its index; beyond, the list is read in its own order."""


def table_of(register: Register, who: Who) -> Table:
    """The list of a register as ``who`` sees it."""
    facts = register.facts.model_fields
    columns = [_heading(register)]
    if register.bound != SUBJECT and register.owned:
        columns.append(
            Column("owner", "主体", lambda row: row.subject.name if row.subject else "", kind="link", href=_to_subject)
        )
    at = 0
    for name, info in facts.items():
        if name == register.name:
            continue
        visible = bool(hint_of(info).get("shown", True)) and at < SHOWN
        at += visible
        columns.append(_column(name, info, hidden=not visible, sort="due" if name == register.due else None))
    columns += [
        Column("state", "状态", lambda row: _state(register, row), kind="badge", sort="state"),
        Column("standing", "效力", _standing, kind="badge"),
        Column("since", "起", "since", sort="since", kind="day", hidden=True),
        Column("until", "止", "until", sort="until", kind="day"),
    ]
    if register.bound == SUBJECT or register.owned:
        columns.append(Column("uscc", "统一社会信用代码", lambda row: row.subject.uscc if row.subject else "",
                              kind="code", hidden=True))  # fmt: skip
    return Table(
        f"register-{register.code}",
        register.title,
        columns,
        _filters(register, who),
        default_sort="-pk",
        empty="还没有条目。可以逐条登记，也可以用表格批量导入。",
        row_label="title",
        export_most=EXPORT_MOST,
    )


def _heading(register: Register) -> Column:
    title = "主体" if register.bound == SUBJECT and not register.name else register.titles.get(register.name, "名称")
    return Column("title", title, "title", sort="title", kind="link", href=_to_entry)


def _to_entry(row: Any) -> str:
    number = row.entry_id if isinstance(row, Version) else row.pk
    return reverse("register-entry", args=[row.register, number])


def _to_subject(row: Any) -> str | None:
    return reverse("subject", args=[row.subject_id]) if row.subject_id else None


def _column(name: str, info: FieldInfo, *, hidden: bool, sort: str | None = None) -> Column:
    kind = kind_of(info)

    def value(row: Any) -> Any:
        held = row.facts.get(name)
        if held is None:
            return None
        if kind == "day":
            return date.fromisoformat(held)
        return held if kind in {"number", "money"} and not choices_of(info) else shown(info, held)

    return Column(f"f-{name}", info.title or name, value, kind=KINDS.get(kind, "text"), hidden=hidden, sort=sort)


def _state(register: Register, row: Any) -> tuple[str, str]:
    held = register.state(row.state)
    return str(say(held.title)), held.tone


def _standing(row: Any) -> tuple[str, str]:
    held = standing_of(row)
    return str(say(held.title)), held.tone


# -- filters


def _filters(register: Register, who: Who) -> list[Filter]:
    found = [Filter("q", "名称、代码或拼音", apply=partial(_by_text, register))]
    found += [_fact_filter(register, name, info) for name, info in register.indexed.items()]
    stations = Office.objects.filter(within(who.paths(May.READ_REGISTERS), "path"), closed_on=None)

    def offices() -> Sequence[tuple[str, str]]:
        return list(stations.order_by("path").values_list("path", "title"))

    found += [
        Filter("state", "状态", "choice", "state", choices=[(s.code, s.title) for s in register.states]),
        Filter(
            "standing", "效力", "choice", apply=lambda rows, code: rows.filter(standing_as(code, clock.today())),
            choices=[(s.code, s.title) for s in STANDINGS],
        ),
        Filter("until", "有效期止", "day_range", "until"),
        Filter("since", "起始日期", "day_range", "since"),
        Filter("office", "管辖单位", "choice", apply=lambda rows, path: rows.filter(within((path,))), choices=offices),
    ]  # fmt: skip
    found.append(Filter("here", "只看在册", "flag", apply=lambda rows, _on: rows.filter(ended=False)))
    if register.yearly:
        found.append(Filter("row", "连续年数", "number_range", apply=partial(_by_years, register)))
    return found


def _by_text(register: Register, rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    if register.bound == SUBJECT and not register.name:
        return rows.filter(subject_id__in=search.narrow(Subject.objects.all(), text).values("id"))
    named = rows.filter(title__startswith=text) | rows.filter(key__startswith=text)
    if not register.owned:
        return named
    return named | rows.filter(subject_id__in=search.narrow(Subject.objects.all(), text).values("id"))


def _by_years(register: Register, rows: "QuerySet[Entry]", value: Any) -> "QuerySet[Entry]":
    """The latest entry of each subject that is on the register for so many years in a row."""
    low, high = value
    held = latest_in_a_row(register, rows)
    numbers = [entry for entry, years in held if (low is None or years >= low) and (high is None or years <= high)]
    return rows.filter(pk__in=numbers)


def _fact_filter(register: Register, name: str, info: FieldInfo) -> Filter:
    kind, title = kind_of(info), info.title or name
    if name == register.due:  # of what falls due: in a state in which nothing does the day is a fact only
        return Filter(f"f-{name}", title, "day_range", "due")
    if kind in RANGES and not choices_of(info):
        return Filter(f"f-{name}", title, RANGES[kind], apply=partial(_in_range, register, name, kind))
    offered = choices_of(info) or ({"1": "是", "0": "否"} if kind == "flag" else {})
    return Filter(
        f"f-{name}", title, "choice" if offered else "text", apply=partial(_by_fact, register, name),
        choices=list(offered.items()),
    )  # fmt: skip


def _by_fact(register: Register, name: str, rows: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
    if rows.model is Version:
        return rows.filter(**{f"facts__{name}": _json(register, name, value)})
    return _matching(rows, Indexed.objects.filter(register=register.code, field=name, text=value))


def _json(register: Register, name: str, value: str) -> Any:
    kind = kind_of(register.facts.model_fields[name])
    return value == "1" if kind == "flag" else int(value) if kind == "number" and value.isdigit() else value


def _in_range(register: Register, name: str, kind: str, rows: "QuerySet[Any]", value: Any) -> "QuerySet[Any]":
    low, high = value
    if rows.model is Version:
        asked = {f"facts__{name}__gte": low, f"facts__{name}__lte": high}
        return rows.filter(**{k: str(v) if kind == "day" else float(v) for k, v in asked.items() if v is not None})
    column = "day" if kind == "day" else "number"
    asked = {f"{column}__gte": low, f"{column}__lte": high}
    held = {key: limit for key, limit in asked.items() if limit is not None}
    return _matching(rows, Indexed.objects.filter(register=register.code, field=name, **held))


def _matching(rows: "QuerySet[Entry]", found: "QuerySet[Indexed]") -> "QuerySet[Entry]":
    """The entries of ``found``: by their numbers where they are few, else the list in its own order asks each row.

    Neither database can know which is better before it has tried, and the wrong one takes seconds.
    """
    numbers = list(found.order_by().values_list("entry_id", flat=True)[: FEW + 1])
    if len(numbers) <= FEW:
        return rows.filter(pk__in=numbers)
    return rows.filter(Exists(found.filter(entry=OuterRef("pk"))))
