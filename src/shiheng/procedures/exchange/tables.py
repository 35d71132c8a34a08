"""The lists of intake: one queue of every channel, the rows of a file, what differs on a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.procedures import tables
from shiheng.procedures.contents import all_on
from shiheng.procedures.exchange import queries, replying
from shiheng.procedures.exchange.comparing import RESULTS
from shiheng.procedures.exchange.definition import Platform
from shiheng.procedures.exchange.models import Order
from shiheng.procedures.models import Proceeding
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

DAYS = 7
TONES = {"opened": "ok", "quarantined": "late", "dropped": "done", "read": "wait"}


def queue() -> Table:
    """Every matter by whatever channel, one number each, its platform's number and clock beside."""
    columns = [
        Column("number", "编号", "number", kind="link", href=lambda row: reverse("file", args=[row.pk])),
        Column("title", "事项", "title"),
        Column("channel", "渠道", _channel),
        Column("outer", "来源编号", _outer, kind="link", href=_order_place),
        Column("procedure", "程序", tables.procedure_title, hidden=True),
        Column("state", "状态", tables.state_of, kind="badge"),
        Column("left", "期限", tables.urgency, kind="badge", sort="due"),
        Column("reply", "平台回复", reply_words, kind="badge"),
        Column("received", "收到日期", "received_on", kind="day", sort="received_on"),
        Column("subject", "主体", "subject.name", hidden=True),
        Column("officer", "承办人", "officer_name", kind="person", hidden=True),
    ]
    filters = [
        Filter("q", "编号、来源编号或事项", apply=_by_text),
        Filter("channel", "渠道", "choice", "facts__channel", choices=lambda: list(queries.channels().items())),
        Filter("received", "收到日期", "day_range", "received_on"),
        Filter("procedure", "程序", "choice", "procedure",
               choices=lambda: [(c, c_title(c)) for c in queries.intake_procedures()]),
        Filter("returned", "退回待分送", "flag", apply=lambda rows, _on: returned(rows)),
        Filter("reply", "待回复平台", "flag", apply=lambda rows, _on: owing(rows)),
        Filter("unknown", "主体待认定", "flag", apply=lambda rows, _on: unmatched(rows)),
        Filter("nobody", "没有承办人", "flag", apply=lambda rows, _on: rows.filter(officer=None, ended=False)),
        Filter("open", "只看未办结", "flag", apply=lambda rows, _on: rows.filter(ended=False)),
    ]  # fmt: skip
    return Table("intake", "来件总台账", columns, filters, default_sort="-received", empty="没有这样的来件。")


def c_title(code: str) -> str:
    return next((one.title for one in all_on(clock.today()) if one.code == code), code)


def returned(rows: "QuerySet[Proceeding]") -> "QuerySet[Proceeding]":
    """Matters a unit gave back that intake did not send on yet."""
    return rows.filter(state="returned").exclude(links_out__kind="spawned")


def owing(rows: "QuerySet[Proceeding]") -> "QuerySet[Proceeding]":
    """Matters whose platform was not told yet."""
    owed = Order.objects.filter(answered_on=None, state="opened")
    return rows.filter(Q(pk__in=owed.values("proceeding")) | Q(pk__in=owed.exclude(twin=None).values("twin")))


def unmatched(rows: "QuerySet[Proceeding]") -> "QuerySet[Proceeding]":
    """Open matters against a business nobody has found in the register."""
    return rows.filter(ended=False, subject=None, parties__kind__in=("trader", "target"), parties__gone=False)


def _by_text(rows: "QuerySet[Proceeding]", text: str) -> "QuerySet[Proceeding]":
    text = text.strip()
    held = Order.objects.filter(number=text)
    return rows.filter(
        Q(number__startswith=text) | Q(title__contains=text) | Q(facts__outer_number=text)
        | Q(pk__in=held.values("proceeding")) | Q(pk__in=held.exclude(twin=None).values("twin"))
    )  # fmt: skip


def _orders(row: Proceeding) -> list[Order]:
    return [*row.orders.all(), *row.twin_orders.all()]


def _channel(row: Proceeding) -> str:
    return str(say(queries.channels().get(str(row.facts.get("channel")), "")))


def _outer(row: Proceeding) -> str:
    held = _orders(row)
    return held[0].number if held else str(row.facts.get("outer_number") or "")


def _order_place(row: Proceeding) -> str | None:
    held = _orders(row)
    return reverse("order", args=[held[0].pk]) if held else None


def reply_words(row: Proceeding) -> tuple[str, str]:
    """How the reply to the platform stands."""
    held = _orders(row)
    if not held:
        return "", "plain"
    return order_words(held[0])


def order_words(order: Order) -> tuple[str, str]:
    if order.answered_on:
        return str(_("已回复")), "done"
    if order.due is None:
        return str(_("待回复")), "wait"
    return tables.left_words(order.due, clock.today())


def rows_of_queue(who: Who) -> "QuerySet[Proceeding]":
    return queries.queue(who).prefetch_related("orders", "twin_orders")


def stats(who: Who) -> list[tuple[str, int, str, str]]:
    """What waits for intake, each figure opening its rows."""
    rows, quarantined = queries.queue(who), queries.orders(who).filter(state="quarantined").count()
    return [
        (str(_("今日收到")), rows.filter(received_on=clock.today()).count(),
         f"?received_from={clock.today()}", "plain"),
        (str(_("来件待处理")), quarantined, reverse("order-waiting"), "late" if quarantined else "plain"),
        (str(_("退回待分送")), returned(rows).count(), "?returned=1", "warn"),
        (str(_("待回复平台")), owing(rows).count(), "?reply=1", "wait"),
        (str(_("主体待认定")), unmatched(rows).count(), "?unknown=1", "plain"),
    ]  # fmt: skip


def by_day(who: Who) -> tuple[list[date], list[tuple[str, list[tuple[int, str]]]]]:
    """Of each channel how many came on each of the last days, each figure opening its rows."""
    today = clock.today()
    days = [today - timedelta(days=n) for n in range(DAYS - 1, -1, -1)]
    rows = queries.queue(who).filter(received_on__gte=days[0], received_on__lte=today)
    counted: dict[tuple[str, date], int] = {
        (str(row["facts__channel"]), row["received_on"]): row["n"]
        for row in rows.order_by().values("facts__channel", "received_on").annotate(n=Count("pk"))
    }
    lines = []
    for code, title in queries.channels().items():
        cells = [
            (counted.get((code, day), 0), f"?channel={code}&received_from={day}&received_to={day}") for day in days
        ]
        lines.append((str(say(title)), cells))
    return days, lines


def orders(platform: Platform | None) -> Table:
    """The rows of a platform's file, or those that wait."""
    columns = [
        Column("line", "行号", "line", sort="line", kind="number"),
        Column("number", "平台编号", lambda row: row.number or _("（没有编号）"), kind="link",
               href=lambda row: reverse("order", args=[row.pk])),
        Column("state", "结果", lambda row: (say(Order.STATES[row.state]), TONES[row.state]), kind="badge"),
        Column("why", "原因", reasons),
        Column("received", "来件日期", "received_on", kind="day", sort="received_on"),
        Column("due", "回复期限", "due", kind="day", sort="due"),
        Column("file", "案卷", lambda row: row.proceeding.number if row.proceeding else "", kind="link",
               href=lambda row: reverse("file", args=[row.proceeding_id]) if row.proceeding_id else None),
        Column("twin", "同一来信的案卷", lambda row: row.twin.number if row.twin else "", kind="link",
               href=lambda row: reverse("file", args=[row.twin_id]) if row.twin_id else None),
    ]  # fmt: skip
    filters = [
        Filter("q", "平台编号", lookup="number__startswith"),
        Filter("state", "结果", "choice", "state", choices=list(Order.STATES.items())),
    ]
    title = platform.title if platform else "来件待处理"
    return Table("orders", title, columns, filters, default_sort="line", empty="没有这样的行。")


def reasons(row: Order) -> str:
    """Why a row was not taken: which row, which column, what to do."""
    if row.state == "dropped":
        return row.why
    return "；".join(fault_words(row.line, fault) for fault in row.faults)


def fault_words(line: int, fault: dict[str, str]) -> str:
    """One fault in words: the line, the column, what to do."""
    why = say(fault["why"])
    if not fault["column"]:
        return str(_("第 %(line)s 行：%(why)s") % {"line": line, "why": why})
    return str(_("第 %(line)s 行“%(column)s”：%(why)s") % {"line": line, "column": fault["column"], "why": why})


def differences() -> Table:
    """What differs on a day, each line opening its row and its file."""
    columns = [
        Column("kind", "差异", lambda line: (say(RESULTS[line["kind"]]), "warn"), kind="badge"),
        Column("number", "来源编号", "number", kind="link", href=_difference_place),
        Column("theirs", "平台状态", lambda line: line["theirs"] or "—"),
        Column("ours", "本局情况", lambda line: line["ours"] or "—", kind="link",
               href=lambda line: reverse("file", args=[line["file"]]) if line["file"] else None),
    ]  # fmt: skip
    filters = [
        Filter("q", "来源编号", apply=lambda rows, text: [line for line in rows if text in line["number"]]),
        Filter("kind", "差异", "choice", apply=lambda rows, kind: [line for line in rows if line["kind"] == kind],
               choices=list(RESULTS.items())),
    ]  # fmt: skip
    return Table("differences", "差异清单", columns, filters, empty="没有差异。")


def _difference_place(line: dict[str, Any]) -> str | None:
    if line["order"]:
        return reverse("order", args=[line["order"]])
    return reverse("file", args=[line["file"]]) if line["file"] else None


def owed_lines(platform: Platform, rows: Sequence[Order]) -> list[dict[str, Any]]:
    """The orders to be told back, with what would be told."""
    found = []
    for order in rows:
        held = replying.outcome_of(platform, order)
        ready = next((one for one in order.replies.all() if one.state == "ready"), None)
        refused = [one for one in order.replies.all() if one.state == "refused"]
        found.append(
            {
                "order": order,
                "outcome": ready.outcome if ready else held[1].word if held else "",
                "content": ready.content if ready else replying.words_of(platform, order),
                "written": bool(ready),
                "refused": refused[-1].why if refused else "",
                "due": order_words(order),
            }
        )
    return found
