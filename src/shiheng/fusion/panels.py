"""What fusion shows on other rooms' pages: the menu, where values came from, and the file as known on a day."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.fusion import queries, sources
from shiheng.fusion.definition import Source
from shiheng.fusion.statement import NONE, UNKNOWN
from shiheng.kernel.citation import Cited
from shiheng.ledger import keyring, kinds
from shiheng.subjects import layout
from shiheng.subjects.models import Subject
from shiheng.subjects.queries import Known
from shiheng.ui.slots import Fragment, MenuItem, fill
from shiheng.ui.wording import say

kinds.declare(
    batch_landed="接收批次",
    batch_checked="批次校验完成",
    batch_refused="整批拒收",
    batch_published="批次入档",
    batch_withdrawn="撤回批次",
    source_added="增设数据源",
    source_reminded="催报",
)

ITEMS = (
    MenuItem("数据", "数据归集", "sources", 10, power=May.READ_SOURCES),
    MenuItem("数据", "批次", "batches", 20, power=May.READ_SOURCES),
    MenuItem("数据", "隔离行", "quarantine", 30, power=May.READ_SOURCES),
    MenuItem("数据", "无码行", "nameless", 32, power=May.READ_SOURCES),
    MenuItem("数据", "并户分户", "rulings", 33, power=May.JUDGE_LINKS),
    MenuItem("数据", "退回件", "returns", 35, power=May.READ_SOURCES),
    MenuItem("管理", "查看个人信息记录", "personal-views", 62, power=May.READ_LEDGER),
)


def menu(who: Any, key: Any) -> tuple[MenuItem, ...]:  # noqa: ARG001 - the slot's shape
    return ITEMS


def cited(who: Any, key: Any) -> list[Cited]:  # noqa: ARG001 - the slot's shape
    """The legal bases on which sources are gathered."""
    return [
        Cited("sources", source.code, source.title, None, basis, reverse("source", args=[source.code]))
        for source in sources.every().values()
        for basis in dict.fromkeys(source.legal_basis)
    ]


def asof(who: Who, key: tuple[int, date]) -> Known:  # noqa: ARG001 - the caller masks
    """A subject as known on a day."""
    subject, day = key
    return queries.known(subject, day)


def title(who: Who, code: str) -> str | None:  # noqa: ARG001 - the slot's shape
    """What a source is called."""
    source = sources.every().get(code)
    return _named(source) if source else None


def _named(source: Source) -> str:
    """A source's title; what third parties sent is marked as such wherever their source is named."""
    return str(say(source.title)) + str(say("（第三方数据）")) if source.third_party else source.title


def batches(who: Who, key: tuple[str, set[int]]) -> dict[int, tuple[str, str, str]]:
    """Where values about a subject of ``scope`` came from: batch → (source, file, url name of its rows or nothing)."""
    scope, numbers = key
    titles = {code: _named(source) for code, source in sources.every().items()}
    opens = "batch-row" if who.may(May.READ_SOURCES, scope) else ""
    readable = set(queries.visible_to(who).filter(pk__in=numbers).values_list("pk", flat=True)) if opens else set()
    return {
        number: (
            titles.get(batch.source, batch.source),
            batch.filename,
            opens if number in readable else "",
        )
        for number, batch in queries.batches_named(numbers).items()
    }


def said(who: Who, subject: int) -> Fragment | None:
    """Every value said of a subject and still held, with each row that said it, for those who may open the rows."""
    if not who.may(May.READ_SOURCES):
        return None
    rows = queries.said_of(subject)
    readable = set(queries.visible_to(who).filter(pk__in={row["batch"] for row in rows}).values_list("pk", flat=True))
    titles = {code: _named(source) for code, source in sources.every().items()}
    values: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row["batch"] not in readable:
            continue
        line = values.setdefault(
            (row["field"], row["value"]),
            {
                "title": row["title"],
                "value": _written(row["field"], row["value"]),
                "source": titles.get(row["source"], row["source"]),
                "rows": [],
            },
        )
        line["rows"].append(row)
    lines = [line for _, line in sorted(values.items(), key=lambda item: _place(item[0][0]))]
    return Fragment(render_to_string("fusion/parts/said.html", {"lines": lines}), count=len(lines))


def _written(field: str, value: str) -> str:
    """A status is our word and is said; every other value is the source's own."""
    if value in {NONE, UNKNOWN}:
        return str(say(layout.ABSENT["none" if value == NONE else "unknown"]))
    text = layout.written(field, value, Subject.STATUSES)
    return str(say(text)) if field == "status" else keyring.shown(text)


def _place(code: str) -> int:
    """Where a field stands in the licence's order; what is not on the licence comes last."""
    order = [plan.code for plan in layout.FIELDS]
    return order.index(code) if code in order else len(order)


def sealed_link(who: Who, key: tuple[str, str, str]) -> str:  # noqa: ARG001 - who may is settled on the page
    """查看全文 beside a sealed value of a record."""
    at, code, title = key
    href = f"{reverse('personal-view')}?{urlencode({'at': at, 'field': code})}"
    return format_html('<a href="{}">{}</a>', href, _("查看%(title)s全文") % {"title": title})


def rulings_link(who: Who, key: tuple[int, str, str]) -> str:
    """并户与分户 of a subject, for those who judge whom rows mean in its territory."""
    subject, scope, _title = key
    if not who.may(May.JUDGE_LINKS, scope):
        return ""
    href = reverse("subject-rulings", args=[subject])
    return format_html('<a class="button button-small" href="{}">{}</a>', href, _("并户与分户"))


fill("law.citations", "fusion", "数据源", cited)
fill("subject.actions", "rulings", "并户与分户", rulings_link)
fill("menu.items", "fusion", "数据", menu, order=40)
fill("subject.asof", "fusion", "某日所知", asof)
fill("source.title", "fusion", "数据源名称", title)
fill("subject.batches", "fusion", "批次", batches)
fill("subject.panels", "said", "来源", said, order=90)
fill("subject.sealed", "personal", "查看全文", sealed_link)
