"""数据归集, the data officer's desk: who owes what since when, how clean it came, how it drifts, and the reminders."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.law import links
from shiheng.fusion import drift, queries, reminders, scores, sources
from shiheng.fusion.definition import DELIVERIES, FIELDS, Source
from shiheng.fusion.definition.punctuality import OWING, RULE, STATES
from shiheng.fusion.models import Batch
from shiheng.fusion.scores import Line, Point, Score
from shiheng.fusion.tables import BATCHES
from shiheng.kernel import clock
from shiheng.kernel.errors import Problem
from shiheng.subjects import layout
from shiheng.ui import formats, htmx, slots
from shiheng.ui.charts import Chart, Series, line
from shiheng.ui.pages import render
from shiheng.ui.tables import Column, Filter, Step, StepPreview, Table, take
from shiheng.ui.wording import say

TONES = {"late": "late", "never": "late", "soon": "warn", "on_time": "ok", "free": "plain"}
# Beside each state: what several of them are together, as the figures on top count them.
TOGETHER: dict[str, tuple[str, Callable[[Line], bool]]] = {
    "due": ("应报（已约定周期）", lambda row: row.standing.counted),
    "delivered": ("已报（含将到期）", lambda row: row.standing.counted and not row.standing.owing),
    "owing": ("欠报（逾期和未报送）", lambda row: row.standing.state in OWING),
    "failed": ("未取得（最近一次整批拒收）", lambda row: row.failed is not None),
}
# Deliveries the drift of a source is read from, and the rows of its reminders.
DRIFT_OF, REMINDERS_SHOWN = 24, 10

slots.declare("sources.desk", "数据归集")
slots.declare("source.panels", "数据源")


def situation(row: Line) -> tuple[str, str]:
    """How a source stands, in words and a tone; what failed is said before what is late."""
    stands = row.standing
    words = str(say(STATES[stands.state]))
    if stands.state == "late":
        told = ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", stands.days_late)
        words = told % {"days": stands.days_late}
    elif stands.state == "soon" and stands.due:
        days = (stands.due - clock.today()).days
        told = ngettext("%(days)s 天后到期", "%(days)s 天后到期", days)
        words = told % {"days": days} if days else _("今日到期")
    if row.failed:
        return _("未取得，%(words)s") % {"words": words}, "late"
    return words, TONES[stands.state]


def frequency(days: int) -> str:
    """How often a contract asks for a file."""
    if not days:
        return _("未声明")
    return ngettext("每 %(days)s 日", "每 %(days)s 日", days) % {"days": days}


def deliveries(source: Source) -> str:
    """The ways a source delivers, its usual one first."""
    return _("、").join(str(say(Batch.DELIVERIES[way])) for way in source.deliveries)


def _in_state(rows: Sequence[Line], state: str) -> list[Line]:
    if state in TOGETHER:
        return [row for row in rows if TOGETHER[state][1](row)]
    return [row for row in rows if row.standing.state == state]


def _saying(rows: Sequence[Line], text: str) -> list[Line]:
    wanted = text.casefold()
    return [
        row
        for row in rows
        if any(wanted in str(held).casefold() for held in (say(row.source.title), row.source.title, row.source.code))
    ]


def _titled(row: Line) -> str:
    """A source by its title, with what is from a third party marked so."""
    title = str(say(row.source.title))
    return _("%(title)s（第三方）") % {"title": title} if row.source.third_party else title


def _last(row: Line) -> Batch | None:
    """What came last, whatever became of it."""
    return row.failed or row.last


def _last_href(row: Line) -> str | None:
    shown = _last(row)
    return reverse("batch", args=[shown.pk]) if shown else None


def _of_last(name: str) -> Callable[[Line], Any]:
    """A figure of what came last; a file refused whole has none."""
    return lambda row: getattr(row.last, name) if row.last and not row.failed else None


def _iso(path: str) -> Callable[[Line], str | None]:
    """A day without its weekday: twelve columns must stand beside each other."""
    return lambda row: found.isoformat() if (found := take(row, path)) else None


def _remind_preview(who: Who, rows: list[Line]) -> StepPreview:  # noqa: ARG001 - the shape of every step
    accepted, refused = [], []
    for row in rows:
        title = str(say(row.source.title))
        why = reminders.not_due(row)
        if why:
            refused.append((row.pk, title, why))
        else:
            accepted.append((row.pk, title))
    return StepPreview(accepted, refused)


def _remind_chosen(who: Who, codes: list[str], key: str) -> str:
    return _told(reminders.remind(codes, who=who, key=key))


def _told(made: Sequence[Any]) -> str:
    """What a reminder did, for the person who sent it."""
    to = _("；").join(dict.fromkeys(reminder.to for reminder in made))
    return _("已催报 %(number)s 个数据源，发给：%(to)s。") % {"number": len(made), "to": to}


DESK = Table(
    "sources",
    "数据源",
    [
        Column(
            "source",
            "数据源",
            _titled,
            kind="link",
            href=lambda row: reverse("source", args=[row.pk]),
        ),
        Column("department", "责任部门", lambda row: say(row.department) or _("未声明"), sort="department"),
        Column("standing", "情况", situation, kind="badge", sort="standing.days_late"),
        Column("due", "应报日", _iso("standing.due"), kind="code", sort="standing.due"),
        Column("last", "批次", lambda row: getattr(_last(row), "pk", None), kind="number", href=_last_href),
        Column("file", "文件", lambda row: getattr(_last(row), "filename", None), hidden=True),
        Column("last_day", "接收日期", _iso("last.known_on"), kind="code", sort="last.known_on"),
        Column("frequency", "周期", lambda row: frequency(row.source.frequency_days), hidden=True),
        Column("last_in", "来文", _of_last("rows_in"), kind="number", hidden=True),
        Column("last_accepted", "接受", _of_last("accepted"), kind="number", href=_last_href),
        Column(
            "last_quarantined",
            "隔离",
            _of_last("quarantined"),
            kind="number",
            href=lambda row: f"{reverse('quarantine')}?batch={row.last.pk}" if row.last.quarantined else None,
        ),
        Column(
            "accepted",
            "累计接受",
            kind="number",
            sort="accepted",
            href=lambda row: f"{reverse('batches')}?source={row.pk}",
        ),
        Column(
            "quarantined",
            "累计隔离",
            kind="number",
            sort="quarantined",
            href=lambda row: f"{reverse('quarantine')}?source={row.pk}" if row.quarantined else None,
        ),
        Column("delivery", "报送方式", lambda row: deliveries(row.source), hidden=True),
        Column("reminded", "最近催报", _iso("reminded.day"), kind="code", sort="reminded.day"),
    ],
    [
        Filter("title", "数据源", apply=_saying, hint="名称或编码"),
        Filter(
            "department",
            "责任部门",
            "choice",
            apply=lambda rows, value: [row for row in rows if row.department == value],
            choices=lambda: [(name, name) for name in sorted({s.department for s in sources.every().values()}) if name],
        ),
        Filter(
            "state",
            "情况",
            "choice",
            apply=_in_state,
            choices=[*((code, title) for code, (title, _held) in TOGETHER.items()), *STATES.items()],
        ),
        Filter(
            "third",
            "只看第三方",
            "flag",
            apply=lambda rows, _on: [row for row in rows if row.source.third_party],
        ),
    ],
    default_sort="department",
    empty="还没有声明过数据源。系统自带的数据源缺失时，请检查安装。",
    page_size=100,
    steps=[Step("remind", "催报", _remind_preview, _remind_chosen)],
)


@needs(May.READ_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponseBase:
    """Every source by department: who owes a file, what came last, and how departments have done for a year."""
    who = who_at(request)
    held = scores.lines(who)
    may_remind = who.may(May.REMIND_SENDERS)
    listing = DESK.read(request, held, steps=None if may_remind else ())
    if listing.wants_export:
        return listing.response()
    if listing.wants_step:
        return listing.step_response()
    whole = Score("", held)
    department = next((f.value for f in listing.filters if f.filter.key == "department" and f.active), "")
    shown = [row for row in held if row.department == department] if department else held
    points = scores.trend(shown, clock.today())
    mine = queries.quarantine(who).count()
    context = {
        "listing": listing,
        "whole": whole,
        "stats": _stats(whole),
        "quarantined": sum(row.quarantined or 0 for row in held),
        "mine": mine,
        "board": [(score, uuid4()) for score in scores.scores(held)],
        "may_land": who.may(May.LAND_FILES),
        "may_remind": may_remind,
        "department": department,
        "charts": [_on_time(points), _clean(points)] if any(p.due for p in points) else [],
    }
    return render(request, "fusion/desk.html", context)


def _stats(whole: Score) -> list[tuple[str, int, str, str]]:
    """The headline figures; each opens its rows."""
    here = reverse("sources")
    found = [
        ("应报数据源", whole.due, "due", "plain"),
        ("已报", whole.delivered, "delivered", "ok"),
        ("逾期", whole.late, "late", "late"),
        ("未报送", whole.never, "never", "late"),
        ("未取得（整批拒收）", whole.failed, "failed", "late"),
    ]
    return [
        (title, count, f"{here}?state={state}#listing-sources" if count else "", tone if count else "plain")
        for title, count, state, tone in found
    ]


def _on_time(points: Sequence[Point]) -> Chart:
    now = points[-1]
    told = _("现在应报 %(due)s 个数据源，已报 %(delivered)s 个。")
    sentence = told % {"due": now.due, "delivered": now.delivered} if now.due is not None else ""
    series = [Series("应报", [p.due for p in points]), Series("已报", [p.delivered for p in points], "ok")]
    return line("近十二个月：月末应报与已报", _labels(points), series, sentence=sentence, unit="个", height=220)


def _clean(points: Sequence[Point]) -> Chart:
    shares = [None if p.accepted_share is None else round(100 * p.accepted_share, 2) for p in points]
    held = [share for share in shares if share is not None]
    sentence = _("最近一个有来文的月份接受率 %(share)s%%。") % {"share": formats.number_text(held[-1])} if held else ""
    title = "近十二个月：当月来文的接受率"
    return line(title, _labels(points), [Series("接受率", shares)], sentence=sentence, unit="%", height=220)


def _labels(points: Sequence[Point]) -> list[str]:
    return [f"{p.first:%Y-%m}" for p in points]


@needs(May.REMIND_SENDERS)
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """催报: one source, or all a department owes; the page's key makes a double click one reminder."""
    who, given = who_at(request), request.POST
    codes = [given["source"]] if given.get("source") else []
    if not codes:
        owing = [row for row in scores.lines(who) if row.standing.owing]
        codes = [row.source.code for row in owing if row.department == given.get("department", "")]
    try:
        if codes:
            messages.success(request, _told(reminders.remind(codes, who=who, key=given.get("_key") or None)))
        else:
            messages.info(request, _("这个部门没有欠报的数据源，没有催报。"))
    except Problem as problem:
        messages.error(request, str(say(problem.message)))
    return htmx.redirect(request, htmx.back(request, reverse("sources")))


@needs(May.READ_SOURCES)
@require_safe
def source(request: HttpRequest, code: str) -> HttpResponseBase:
    """One source: how it stands and drifts, its reminders, its contract in words and its batches."""
    who = who_at(request)
    found = sources.find(code)
    listing = BATCHES.read(request, queries.visible_to(who).filter(source=code))
    if listing.wants_export:
        return listing.response()
    row = scores.line_of(who, code)
    delivered = scores.deliveries_of(who, code, most=DRIFT_OF)
    whole = [batch for batch in delivered if batch.delivery != "deletions"]  # a list of keys has no columns to drift
    drifting = drift.columns(found, whole)
    context = {
        "source": found,
        "about": _about(found, row),
        "line": row,
        "situation": situation(row),
        "may_land": who.may(May.LAND_FILES),
        "may_remind": who.may(May.REMIND_SENDERS) and not reminders.not_due(row),
        "key": uuid4(),
        "reminders": scores.reminders_visible_to(who).filter(source=code)[:REMINDERS_SHOWN],
        "drift": [(column, _shares(column)) for column in drifting if column.seen],
        "unseen": [column.title for column in drifting if not column.seen],
        "delivered": delivered,
        "rows_moved": drift.rows_moved(whole),
        "rule": {"null": f"{RULE.null_moved:.0%}", "rows": f"{RULE.rows_moved:.0%}"},
        "chart": _sizes(delivered) if delivered else None,
        "columns": _contract_rows(found),
        "listing": listing,
    }
    return render(request, "fusion/source.html", context)


def _shares(column: drift.ColumnDrift) -> tuple[str, str]:
    """The empty share now and before as percentages; a column that was not in the file has none."""
    now, before = (None if s is None else f"{100 * s:.1f}%" for s in (column.share, column.before))
    return now or _("文件中没有这一列"), before or "—"


def _sizes(delivered: Sequence[Batch]) -> Chart:
    labels = [f"{batch.known_on:%Y-%m-%d}" for batch in delivered]
    series = [
        Series("来文", [batch.rows_in for batch in delivered]),
        Series("隔离", [batch.quarantined for batch in delivered], "warn"),
    ]
    told = _("最近一批来文 %(rows)s 行，隔离 %(quarantined)s 行。")
    facts = {"rows": f"{delivered[-1].rows_in:,}", "quarantined": f"{delivered[-1].quarantined:,}"}
    return line("历次来文与隔离行数", labels, series, sentence=told % facts, unit="行", height=200)


def _about(found: Source, row: Line) -> list[tuple[str, Any]]:
    basis = format_html_join(_("；"), "{}", ((links.linked(b),) for b in found.legal_basis))
    due: SafeString | str = formats.day(row.standing.due) if row.standing.due else _("没有到期日")
    return [
        (_("编码"), found.code),
        (_("责任部门"), say(found.department) or _("未声明")),
        (_("归口科室"), say(found.owner) or _("未声明")),
        (_("来源"), _("第三方（平台、机构），凡显示处注明") if found.third_party else _("政府部门")),
        (_("报送周期"), frequency(found.frequency_days)),
        (_("应报日"), due),
        (_("报送方式"), _("；").join(str(say(DELIVERIES[way])) for way in found.deliveries)),
        (_("报送单位"), say(found.unit) or _("未声明")),
        (_("归集依据"), basis or _("未声明")),
        (_("契约版本"), found.version),
        (_("用途"), say(found.purpose) or _("未声明")),
    ]


def _contract_rows(source: Source) -> list[tuple[str, str, str, str]]:
    said = {column: say(FIELDS.get(name)) or layout.title_of_said(name, say) for name, column in source.said().items()}
    return [
        (
            c.title,
            _("、").join(c.aliases) or "—",
            _("必需") if c.required else _("可缺"),
            said.get(c.name) or _("不入档"),
        )
        for c in source.columns
    ]
