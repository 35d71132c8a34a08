"""The data sets anybody may take, with their columns and rows. Every row comes out of the public projection.

Of natural persons no list is given: the operators and representatives that stand on a business's page are no column
of any set, so that nobody can turn the sets round and look a person up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from shiheng.kernel import clock
from shiheng.kernel.personal import clean
from shiheng.kernel.registry import all_of
from shiheng.publication import queries as counted
from shiheng.publication.lists import entries
from shiheng.publication.models import QueryCount
from shiheng.publication.portal import projection
from shiheng.publication.portal.definition import PUBLIC_FEEDS, PUBLIC_KINDS, PublicFeed, PublicKind
from shiheng.publication.portal.projection import PublicFile
from shiheng.registers.contents import named
from shiheng.registers.models import Entry
from shiheng.registers.opened import open_to_all, shown_to_all
from shiheng.subjects import layout
from shiheng.ui.wording import say

Row = dict[str, str]
LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/deed.zh-hans"
OF_SUBJECTS = ("uscc", "name", "kind_title", "status_title", "region", "address", "updated")
FIELDS = ("type", "established", "registration_authority", "business_scope", "industry")
ID = ("id", "行编号")


@dataclass(frozen=True, slots=True)
class Dataset:
    """One set: ``columns`` are codes and titles, the first is the row's number, which never changes.

    ``of_file`` gives the rows one business adds to it; a set made of something else gives all of them by ``rows``.
    """

    code: str
    title: str
    about: str
    columns: tuple[tuple[str, str], ...]
    of_file: Callable[[PublicFile], Iterator[Row]] | None = None
    rows: Callable[[], Iterator[Row]] | None = None
    basis: str = ""
    group: str = field(default="subjects")


def every() -> list[Dataset]:
    """All sets in force today."""
    today = clock.today()
    kinds = [_of_kind(kind) for kind in all_of(PUBLIC_KINDS, on=today)]
    lists = [_of_list(plan) for plan in entries.plans(today)]
    feeds = [_of_feed(feed) for feed in all_of(PUBLIC_FEEDS, on=today)]
    return [SUBJECTS, *kinds, *lists, *feeds, STOCK, QUERIES]


def named_set(code: str) -> Dataset | None:
    return next((dataset for dataset in every() if dataset.code == code), None)


def _number(*words: object) -> str:
    return sha256("|".join(map(str, words)).encode()).hexdigest()[:20]


def _subjects(file: PublicFile) -> Iterator[Row]:
    row = {code: str(getattr(file, code)) for code in OF_SUBJECTS}
    row |= {code: fact.value for code in FIELDS if (fact := file.fact(code))}
    yield {"id": str(file.id), **row}


SUBJECTS = Dataset(
    "subjects", "经营主体登记信息", "登记在册和曾经登记的经营主体的登记事项。",
    (ID, ("uscc", "统一社会信用代码"), ("name", "名称"), ("kind_title", "主体类别"), ("status_title", "登记状态"),
     ("region", "行政区划代码"), ("address", "住所"), ("updated", "更新日期"),
     *((code, layout.BY_CODE[code].title) for code in FIELDS)),
    of_file=_subjects,
)  # fmt: skip


def _of_kind(kind: PublicKind) -> Dataset:
    named = {*kind.facts, *kind.texts}
    facts = tuple((code, title) for code, title in layout.FACTS.items() if code in named)
    head = (ID, ("uscc", "统一社会信用代码"), ("name", "名称"), ("title", "事项"), ("state", "状态"), ("day", "日期"),
            ("until", "有效期至"), ("provider", "信息来源"))  # fmt: skip

    def rows(file: PublicFile) -> Iterator[Row]:
        for record in file.records:
            if record.kind == kind.code:
                yield {
                    **{code: value for code, _title, value in record.facts}, "id": record.id, "uscc": file.uscc,
                    "name": file.name, "title": record.title, "state": record.state, "day": record.day,
                    "until": record.until, "provider": record.source,
                }  # fmt: skip

    taken = {code for code, _title in head}
    columns = (*head, *((code, title) for code, title in facts if code not in taken))
    told = say("公开的%(title)s记录，一行一条；已撤下和未公示的不在其中。") % {"title": say(kind.title)}
    basis = "；".join(str(basis) for basis in kind.basis)
    return Dataset(f"record-{kind.code}", kind.title, told, columns, of_file=rows, basis=basis, group="records")


def _of_list(plan: entries.PublicList) -> Dataset:
    columns = (ID, ("name", "名称"), ("uscc", "统一社会信用代码"), ("state", "状态"), ("day", "日期"),
               *((fact.code, fact.title) for fact in plan.shown))  # fmt: skip

    def rows() -> Iterator[Row]:
        for entry in entries.standing(plan, clock.today()):
            said = {fact.code: fact_of(entry, fact.code, fact.kind) for fact in plan.shown}
            yield {
                **said, "id": _number(plan.code, entry.source, entry.key), "name": entry.shown_name,
                "uscc": "" if entry.natural else entry.uscc, "state": entry.state,
                "day": entry.day.isoformat() if entry.day else "",
            }  # fmt: skip

    basis = "；".join(str(basis) for basis in plan.basis)
    return Dataset(f"list-{plan.code}", plan.title, plan.lead, columns, rows=rows, basis=basis, group="lists")


def fact_of(entry: entries.Entry, code: str, kind: str) -> str:
    """One fact of a list's entry in words, without anything personal."""
    value = entry.facts.get(code)
    if value in (None, ""):
        return ""
    keep = () if entry.natural else (entry.name,)
    return layout.capital(str(value)) if kind == "money" else clean(str(value), keep=keep)


def _of_feed(feed: PublicFeed) -> Dataset:
    registers = [named(code, on=clock.today()) for code in feed.registers]
    facts: dict[str, str] = {}
    for register in registers:
        facts |= {name: register.titles.get(name, name) for name in register.public_facts}
    head = (ID, ("register", "名录"), ("heading", "名称"), ("uscc", "统一社会信用代码"), ("since", "起"),
            ("until", "止"))  # fmt: skip
    columns = (*head, *((code, title) for code, title in facts.items() if code not in {c for c, _t in head}))

    def rows() -> Iterator[Row]:
        for entry in entries_of(feed):
            yield row_of(entry)

    return Dataset(f"feed-{feed.code}", feed.title, feed.about, columns, rows=rows, group="alerts")


def entries_of(feed: PublicFeed) -> Iterator[Entry]:
    """The public entries of a feed's registers, the newest first within each."""
    for code in feed.registers:
        register = named(code, on=clock.today())
        held = Entry.objects.filter(open_to_all(register)).select_related("subject").order_by("-since", "-id")
        yield from held.iterator(chunk_size=1000)


def row_of(entry: Entry) -> Row:
    """One public entry in words."""
    register = named(entry.register, on=clock.today())
    fields = register.facts.model_fields
    facts = {name: shown_to_all(fields[name], entry.facts.get(name)) for name in register.public_facts}
    return {
        **facts, "id": _number(entry.register, entry.pk), "register": register.title, "heading": clean(entry.title),
        "uscc": entry.subject.uscc if entry.subject else "", "since": _day(entry.since), "until": _day(entry.until),
    }  # fmt: skip


def _stock() -> Iterator[Row]:
    from django.db.models import Count

    from shiheng.subjects import queries as subjects
    from shiheng.subjects.models import Subject

    grouped = subjects.identities().values_list("region", "kind", "status").order_by("region", "kind", "status")
    for region, kind, status, count in grouped.annotate(count=Count("pk")).values_list(
        "region", "kind", "status", "count"
    ):
        yield {
            "id": _number("stock", region, kind, status), "region": region, "kind": Subject.KINDS.get(kind, kind),
            "status": Subject.STATUSES.get(status, status), "count": str(count),
        }  # fmt: skip


def _queries() -> Iterator[Row]:
    today = clock.today()
    for month in counted.by_month(QueryCount.objects.all(), until=today):
        yield {"id": f"{month.first:%Y-%m}", "month": f"{month.first:%Y-%m}", "count": str(month.count)}


STOCK = Dataset(
    "stock", "经营主体数量", "按行政区划、主体类别和登记状态统计的经营主体数量。",
    (ID, ("region", "行政区划代码"), ("kind", "主体类别"), ("status", "登记状态"), ("count", "户数")), rows=_stock,
    group="counts",
)  # fmt: skip
QUERIES = Dataset(
    "queries", "查询量", "信用门户和接口每月的查询次数，不含任何查询人的信息。",
    (ID, ("month", "月份"), ("count", "次数")), rows=_queries, group="counts",
)  # fmt: skip


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def files() -> Iterator[PublicFile]:
    """Every public file once, for all sets that are made of them."""
    return projection.every()
