"""行为: one subject's life on one line of time, and what of it is unusual beside its like."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shiheng.accounts.doors import needs, who_at
from shiheng.accounts.permissions import May
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.subjects import behaviour, histories, layout, peers, queries
from shiheng.subjects.histories import Event
from shiheng.subjects.models import Subject
from shiheng.ui import charts, pages
from shiheng.ui.tables import Column, Filter, Table
from shiheng.ui.wording import say

PERIODS = {"year": ("近一年", 1), "three": ("近三年", 3)}
LANES = {lane.code: lane.title for lane in behaviour.LANES}


def _lasting(rows: Sequence[Event], period: str) -> list[Event]:
    after = behaviour.since(clock.today(), PERIODS[period][1])
    return [row for row in rows if row.day is not None and after < row.day <= clock.today()]


def _on(rows: Sequence[Event], lane: str) -> list[Event]:
    return [row for row in rows if row.lane == lane]


def _counted(rows: Sequence[Event], measure: str) -> list[Event]:
    return [row for row in rows if measure in row.measures]


def _table(subject: Subject) -> Table:
    """The events as a list; each opens its record in the subject's file."""

    def opens(row: Event) -> str:
        return _record(subject.pk, row)

    return Table(
        "behaviour",
        "行为记录",
        columns=(
            Column("day", "日期", kind="day", sort="day"),
            Column("lane", "类别", lambda row: say(row.lane_title)),
            Column("what", "记录", lambda row: say(row.what)),
            Column("title", "事项", lambda row: say(row.title), kind="link", href=opens),
            Column("state", "状态", lambda row: say(row.state)),
            Column("text", "内容", lambda row: say(row.text)),
            Column("source", "来源", lambda row: say(row.source)),
        ),
        filters=(
            Filter("period", "时间", "choice", apply=_lasting, choices=[(c, t) for c, (t, _n) in PERIODS.items()]),
            Filter("lane", "类别", "choice", apply=_on, choices=list(LANES.items())),
            Filter("measure", "计入的指标", "choice", apply=_counted,
                   choices=[(m.code, m.title) for m in behaviour.MEASURES]),
        ),
        empty="这个主体还没有可以列出的行为记录。",
        row_label="title",
    )  # fmt: skip


def _record(subject: int, event: Event) -> str:
    at = f"#record-{event.record}" if event.record and event.tab != "permits" else ""
    return f"{reverse('subject', args=[subject])}?tab={event.tab}{at}"


@needs(May.READ_SUBJECTS)
@require_safe
def behaviour_of(request: HttpRequest, subject_id: int) -> HttpResponseBase:
    """行为: the time line of a subject and how it stands beside its like."""
    survivor = queries.survivor_of(subject_id)
    if survivor != subject_id:
        return HttpResponseRedirect(reverse("subject-behaviour", args=[survivor]))
    who = who_at(request)
    subject = Subject.objects.filter(id=subject_id).first()
    if subject is None:
        raise Missing("subject.missing", _("没有找到这个主体。编号可能有误，请从检索重新查找。"))
    history = histories.of(who, subject)
    listing = _table(subject).read(request, history.events, may_export=who.may(May.EXPORT_SUBJECTS))
    if listing.wants_export:
        return listing.response()
    period = request.GET.get("period", "")
    years = PERIODS[period][1] if period in PERIODS else 3
    compared = peers.of(who, subject, years=years)
    context = {
        "subject": subject,
        "status": (Subject.STATUSES.get(subject.status, subject.status), layout.STATUS_TONES.get(subject.status)),
        "kind": Subject.KINDS.get(subject.kind, subject.kind),
        "reader": queries.reader_of(who, subject),
        "listing": listing,
        "chart": _chart(subject, list(listing.matching), period, _asked(request)),
        "cut": histories.MOST if history.cut else 0,
        "undated": sum(event.day is None for event in history.events),
        "periods": _periods(request),
        "compared": compared,
        "in_list": subject.live and subject.status in Subject.STANDING,
        "lines": [_line(line, compared, subject) for line in compared.lines],
        "all_time": period not in PERIODS,
        "enough": behaviour.ENOUGH,
        "rare": behaviour.RARE,
        "most": peers.MOST,
    }
    return pages.render(request, "subjects/behaviour.html", context | _as_many(request, compared))


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("period", "lane", "measure") if request.GET.get(name)}


def _periods(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The periods to choose from, each with its address and whether it is the present one."""
    held = _asked(request)
    rest = {name: value for name, value in held.items() if name != "period"}
    choices = [*((code, title) for code, (title, _n) in PERIODS.items()), ("", "全部")]
    now = held.get("period", "")
    return [
        (title, f"?{urlencode({'period': code, **rest} if code else rest)}", code == now) for code, title in choices
    ]


def _chart(subject: Subject, events: Sequence[Event], period: str, asked: dict[str, str]) -> charts.Chart:
    """The chosen events on their lanes; a lane without any is drawn too, unless one lane was asked for."""
    today = clock.today()
    dated = [(event.day, event) for event in events if event.day is not None]
    since = _start(period, [day for day, _event in dated], today)
    drawn = []
    for lane in behaviour.LANES:
        held = [_moment(subject, day, event) for day, event in dated if event.lane == lane.code]
        if held or not {"lane", "measure"} & asked.keys():
            href = f"?{urlencode({**asked, 'lane': lane.code})}#listing-behaviour"
            drawn.append(charts.Lane(lane.title, held, href if held else ""))
    sentence = _("%(since)s 至 %(until)s，共 %(count)s 件。点开一件看它的记录；圈里的数字是挨在一起的几件。") % {
        "since": since.isoformat(),
        "until": today.isoformat(),
        "count": len(dated),
    }
    return charts.lanes("时间线", drawn, since=since, until=today, sentence=sentence, unit="件")


def _start(period: str, days: Sequence[date], today: date) -> date:
    if period in PERIODS:
        return behaviour.since(today, PERIODS[period][1])
    return min([behaviour.since(today, 1), *days])


def _moment(subject: Subject, day: date, event: Event) -> charts.Moment:
    words = "，".join(filter(None, (str(say(event.what)), str(say(event.title)), str(say(event.state)))))
    return charts.Moment(day, words, _record(subject.pk, event), "done" if event.over else "")


def _line(line: peers.Compared, compared: peers.Comparison, subject: Subject) -> dict[str, Any]:
    """One measure as the page shows it: its words, the addresses of its rows, its like's distribution."""
    standing = line.standing
    asked = {"period": "year" if compared.years == 1 else "three", "measure": line.measure.code}
    here = f"{reverse('subject-behaviour', args=[subject.pk])}?{urlencode(asked)}"
    return {
        "measure": line.measure,
        "basis": line.measure.basis,
        "standing": standing,
        "fed": line.fed,
        "own_href": f"{here}#listing-behaviour" if standing.own else "",
        "as_many_href": f"{here}#as-many" if standing.own and standing.as_many else "",
        "sentence": line.sentence(compared.years) if standing.unusual else "",
        "bands": [(_band(band), band.peers, band.own) for band in standing.bands],
        "chart": _bars(line) if standing.unusual else None,
    }


def _band(band: behaviour.Band) -> str:
    if band.high is None:
        return _("%(low)s 及以上") % {"low": band.low}
    return f"{band.low}" if band.low == band.high else f"{band.low}—{band.high}"


def _bars(line: peers.Compared) -> charts.Chart:
    """The distribution of an unusual measure, the subject's own place marked."""
    unit = str(say(line.measure.unit))
    bars = []
    for band in line.standing.bands:
        label = f"{_band(band)} {unit}"
        bars.append(charts.Bar(_("%(band)s（本主体）") % {"band": label} if band.own else label, band.peers,
                               tone="warn" if band.own else ""))  # fmt: skip
    return charts.bar(line.measure.title, bars, sentence=_("同类的分布"), unit="户", name="户数")


def _as_many(request: HttpRequest, compared: peers.Comparison) -> dict[str, Any]:
    """Of the measure asked for, those of the like with as many or more."""
    line = compared.line(request.GET.get("measure", ""))
    if line is None or not line.standing.own:
        return {}
    counts = behaviour.in_order(line.counts, at_least=line.standing.own)
    asked = urlencode({"period": "year" if compared.years == 1 else "three", "measure": line.measure.code})
    found = [(peer, n, f"{reverse('subject-behaviour', args=[peer.pk])}?{asked}") for peer, n in peers.named(counts)]
    return {"as_many": found, "as_many_line": line, "as_many_more": max(len(counts) - peers.SHOWN, 0)}
