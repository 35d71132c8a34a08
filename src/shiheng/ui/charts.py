"""Charts as server-made SVG: one function serves the page, the PDF and the DOCX, and a table stands behind each.

Widths are percentages and heights and type are pixels, so on a phone a chart gets narrower and its words stay legible.
Colours are presentation attributes that the page's style sheet overrides (dark theme); a document keeps them.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.html import escape

from shiheng.ui import formats
from shiheng.ui.wording import say

FONT = "system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
SERIES = ("#174f91", "#b3570a", "#1d7a6d", "#7a4f9a", "#67707c", "#866a00")
TONES = {"ok": "#17643a", "warn": "#834600", "late": "#ab1f1a", "wait": "#174f91", "done": "#525d6b"}
INK, SOFT, GRID, AXIS, GROUND = "#18212d", "#5f6b7a", "#dde2e8", "#7f8a99", "#ffffff"
SHADES = (0.1, 0.25, 0.42, 0.82, 1.0)
LONGEST_LABEL = 16
# Of the width of a line of time: closer than this two dots would cover each other on a phone.
NEAR = 0.045

Number = int | float


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: ``svg`` (also ``str(chart)``), the sentence above it, and the rows of the table behind it."""

    title: str
    sentence: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int
    height: int

    def __str__(self) -> str:
        return self.svg

    def standalone(self, width: int = 640) -> str:
        """The SVG as its own file, for documents."""
        root = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{FONT}"'
        return self.svg.replace("<svg", root, 1).replace('width="100%"', f'width="{width}"', 1)


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: Number
    href: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one kind of segment; ``values`` run along the chart's labels, None is a gap (未取得), never zero."""

    name: str
    values: Sequence[Number | None]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """One district or street of a cartogram: its outline in the map's own units."""

    title: str
    outline: Sequence[tuple[float, float]]
    value: Number | None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened on a day; ``href`` opens it."""

    day: date
    title: str
    href: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of moments; ``href`` opens them all."""

    name: str
    moments: Sequence[Moment]
    href: str = ""


def bar(title: str, bars: Sequence[Bar], *, sentence: str = "", unit: str = "", name: str = "数量") -> Chart:
    """Horizontal bars from zero, each with its label and figure; labels stay upright however long the list."""
    bars = [replace(b, label=say(b.label)) for b in bars]
    top = max([b.value for b in bars if b.value > 0], default=0) or 1
    step, parts, unit = 42, [], say(unit)
    for n, item in enumerate(bars):
        y = n * step
        figure = _figure(item.value, unit)
        drawn = (
            f"<title>{escape(item.label)}：{escape(figure)}</title>"
            + _text(0, y + 14, _short(item.label))
            + _text("100%", y + 14, figure, anchor="end", bold=True)
            + f'<rect x="0" y="{y + 21}" width="100%" height="10" rx="2" fill="{GRID}" class="track"/>'
            + f'<rect x="0" y="{y + 21}" width="{_percent(max(item.value, 0) / top)}" height="10" rx="2" '
            f"{_paint(item.tone, 0)}/>"
        )
        parts.append(_linked(drawn, item.href))
    rows = tuple((b.label, _figure(b.value, unit)) for b in bars)
    return _chart(title, sentence, parts, max(step * len(bars), step), ("名称", name), rows)


def stacked(
    title: str, labels: Sequence[str], series: Sequence[Series], *, sentence: str = "", unit: str = ""
) -> Chart:
    """Each label a bar of segments; figures stand in segments wide enough, totals at the right."""
    labels, series, unit = [say(label) for label in labels], _said(series), say(unit)
    totals = [sum(s.values[n] or 0 for s in series) for n in range(len(labels))]
    top = max(totals, default=0) or 1
    parts, y, across = [], 26, 0.0
    share = 100 / max(len(series), 1)
    for n, item in enumerate(series):
        x = f"{across:.2f}%"
        parts.append(
            f'<svg x="{x}" y="0" width="{share:.2f}%" height="22"><rect x="0" y="5" width="11" height="11" rx="2" '
            f"{_paint(item.tone, n)}/>{_text(17, 15, item.name)}</svg>"
        )
        across += share
    for row, label in enumerate(labels):
        parts.append(
            _text(0, y + 14, _short(label)) + _text("100%", y + 14, _figure(totals[row], unit), anchor="end", bold=True)
        )
        start = 0.0
        for n, item in enumerate(series):
            value = item.values[row] or 0
            wide = value / top
            parts.append(
                f"<g><title>{escape(label)}，{escape(item.name)}：{escape(_figure(value, unit))}</title>"
                f'<rect x="{_percent(start)}" y="{y + 21}" width="{_percent(wide)}" height="16" '
                f'stroke="{GROUND}" stroke-width="1" {_paint(item.tone, n, "gap")}/></g>'
            )
            if wide > 0.12:
                parts.append(
                    _text(
                        _percent(start + wide / 2),
                        y + 33,
                        formats.number_text(value),
                        anchor="middle",
                        on_fill=True,
                        size=11,
                    )
                )
            start += wide
        y += 48
    rows = tuple(
        (label, *(_figure(s.values[n], unit) for s in series), _figure(totals[n], unit))
        for n, label in enumerate(labels)
    )
    return _chart(title, sentence, parts, y, ("名称", *(s.name for s in series), "合计"), rows)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where a point of a line chart lies: across in shares of the width, down in pixels."""

    labels: Sequence[str]
    most: Number
    height: int
    unit: str
    head: int = 22
    foot: int = 26

    def x(self, n: int) -> str:
        return _percent(0.02 + 0.96 * (n / max(len(self.labels) - 1, 1)))

    def y(self, value: Number) -> float:
        return round(self.head + (self.height - self.head - self.foot) * (1 - value / self.most), 1)


def line(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    sentence: str = "",
    unit: str = "",
    height: int = 240,
) -> Chart:
    """Lines over time from zero, each named at its end; a gap in the data is a gap in the line."""
    labels, series, unit = [say(label) for label in labels], _said(series), say(unit)
    ticks = _ticks(max([v for s in series for v in s.values if v is not None], default=0))
    plot = _Plot(labels, ticks[-1], height, unit)
    parts = [*_scale(plot, ticks), *_time_axis(plot)]
    for n, item in enumerate(series):
        parts += _one_line(plot, item, n)
    parts += _line_ends(plot, series)
    rows = tuple((label, *(_figure(s.values[n], unit) for s in series)) for n, label in enumerate(labels))
    return _chart(title, sentence, parts, height, ("时间", *(s.name for s in series)), rows)


def _scale(plot: _Plot, ticks: Sequence[Number]) -> list[str]:
    parts = []
    for tick in ticks:
        y = plot.y(tick)
        colour, kind = (GRID, "grid") if tick else (AXIS, "axis")
        parts.append(f'<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{colour}" class="{kind}"/>')
        if tick:
            parts.append(_text(0, y - 4, _figure(tick, plot.unit if tick == ticks[-1] else ""), soft=True, size=11))
    return parts


def _time_axis(plot: _Plot) -> list[str]:
    """At most seven labels, upright, the last always there."""
    parts, end = [], len(plot.labels) - 1
    every = max(1, math.ceil(len(plot.labels) / 6))
    for n, label in enumerate(plot.labels):
        if n == end or (n % every == 0 and end - n >= every):
            anchor = "end" if n == end else "start" if n == 0 else "middle"
            parts.append(_text(plot.x(n), plot.height - 8, label, anchor=anchor, soft=True, size=11))
    return parts


def _one_line(plot: _Plot, item: Series, n: int) -> list[str]:
    colour = TONES.get(item.tone, SERIES[n % len(SERIES)])
    kind = f"line-{item.tone}" if item.tone else f"l{n % len(SERIES) + 1}"
    held = [(k, v) for k, v in enumerate(item.values) if v is not None]
    parts = [
        f'<line x1="{plot.x(k)}" y1="{plot.y(v)}" x2="{plot.x(k2)}" y2="{plot.y(v2)}" stroke="{colour}" '
        f'stroke-width="2" stroke-linecap="round" class="{kind}"/>'
        for (k, v), (k2, v2) in itertools.pairwise(held)
        if k2 == k + 1
    ]
    for k, v in held:
        told = escape(f"{plot.labels[k]}，{item.name}：{_figure(v, plot.unit)}")
        parts.append(
            f'<circle cx="{plot.x(k)}" cy="{plot.y(v)}" r="{3.5 if k == held[-1][0] else 2}" {_paint(item.tone, n)}>'
            f"<title>{told}</title></circle>"
        )
    return parts


def _line_ends(plot: _Plot, series: Sequence[Series]) -> list[str]:
    """Each line's name and last figure above its last point, pushed apart where they would touch."""
    ends = []
    for n, item in enumerate(series):
        held = [(k, v) for k, v in enumerate(item.values) if v is not None]
        if held:
            k, v = held[-1]
            ends.append((plot.y(v) - 9, plot.x(k), f"{item.name} {formats.number_text(v)}", _paint(item.tone, n)))
    ends.sort()
    return [
        _text(x, y, words, anchor="end", bold=True, paint=paint)
        for y, (_, x, words, paint) in zip(_apart([e[0] for e in ends]), ends, strict=True)
    ]


def lanes(title: str, lines: Sequence[Lane], *, since: date, until: date, sentence: str = "", unit: str = "") -> Chart:
    """What happened when, one line a kind, from ``since`` to ``until``; what happened close together is one figure.

    Each moment opens its own, a figure opens its lane. Moments outside the days are in the table's counts only.
    """
    lines, unit = [replace(lane, name=say(lane.name)) for lane in lines], say(unit)
    span = max((until - since).days, 1)
    step, high = 46, 46 * len(lines) + 24
    parts = []
    for day, label in _calendar(since, until):
        x = _across((day - since).days / span)
        parts.append(f'<line x1="{x}" x2="{x}" y1="0" y2="{high - 20}" stroke="{GRID}" class="grid"/>')
        parts.append(_text(x, high - 5, label, anchor="middle", soft=True, size=11))
    for n, lane in enumerate(lines):
        y = n * step
        count = _figure(len(lane.moments), unit)
        parts += [_text(0, y + 14, lane.name), _text("100%", y + 14, count, anchor="end", bold=bool(lane.moments))]
        parts.append(f'<line x1="0" x2="100%" y1="{y + 30}" y2="{y + 30}" stroke="{AXIS}" class="axis"/>')
        held = sorted((m for m in lane.moments if since <= m.day <= until), key=lambda m: m.day)
        parts += [_moments(group, lane, y + 30, since, span, unit) for group in _near(held, span * NEAR)]
    rows = tuple((lane.name, _figure(len(lane.moments), unit), *_ends_of(lane)) for lane in lines)
    return _chart(title, sentence, parts, high, ("类别", "件数", "最早", "最近"), rows)


def _near(moments: Sequence[Moment], least: float) -> list[list[Moment]]:
    """Moments in groups whose middles lie apart; ``least`` is in days."""
    groups: list[list[Moment]] = []
    middle = 0.0
    for moment in moments:
        day = moment.day.toordinal()
        if groups and day - middle < least:
            groups[-1].append(moment)
            middle += (day - middle) / len(groups[-1])
        else:
            groups.append([moment])
            middle = float(day)
    return groups


def _across(share: float) -> str:
    return _percent(0.02 + 0.96 * share)


def _moments(held: Sequence[Moment], lane: Lane, y: int, since: date, span: int, unit: str) -> str:
    """One moment as a dot, several as a figure in a larger one, each with what it was."""
    x = _across(sum((m.day - since).days for m in held) / len(held) / span)
    if len(held) == 1:
        (one,) = held
        told = f"<title>{escape(f'{one.day}　{one.title}')}</title>"
        return _linked(f'{told}<circle cx="{x}" cy="{y}" r="6" {_paint(one.tone, 0)}/>', one.href)
    several = f"{lane.name}：{held[0].day}—{held[-1].day}，{_figure(len(held), unit)}"
    drawn = f'<title>{escape(several)}</title><circle cx="{x}" cy="{y}" r="8" {_paint("", 0)}/>'
    drawn += _text(x, y + 4, str(len(held)), anchor="middle", on_fill=True, size=11)
    return _linked(drawn, lane.href)


def _calendar(since: date, until: date) -> list[tuple[date, str]]:
    """The beginnings of years, of months where there is no more than a year or two; at most seven, evenly."""
    months = (until.year - since.year) * 12 + until.month - since.month
    every = 12 * math.ceil(months / 84) if months > 30 else 6 if months > 14 else 2
    found = []
    for n in range(months + 1):
        year, month = divmod(since.year * 12 + since.month + n, 12)
        if month % every == 0 if every < 12 else month == 0 and year % (every // 12) == 0:
            day = date(year, month + 1, 1)
            if since < day <= until:
                found.append((day, f"{year}" if every >= 12 else f"{year}-{month + 1:02d}"))
    return found


def _ends_of(lane: Lane) -> tuple[str, str]:
    """The first and the last day of a lane."""
    days = [m.day for m in lane.moments]
    return (f"{min(days)}", f"{max(days)}") if days else ("—", "—")


def cartogram(title: str, areas: Sequence[Area], *, sentence: str = "", unit: str = "", name: str = "数量") -> Chart:
    """Districts or streets with their counts; the deeper the more, and the figure says it too."""
    points = [p for a in areas for p in a.outline] or [(0, 0), (1, 1)]
    left, top = min(p[0] for p in points), min(p[1] for p in points)
    scale = 560 / max(max(p[0] for p in points) - left, 1e-9)
    high = round((max(p[1] for p in points) - top) * scale)
    most = max([a.value for a in areas if a.value is not None], default=0) or 1
    unit = say(unit)
    parts = []
    for area in areas:
        drawn = [((px - left) * scale, (py - top) * scale) for px, py in area.outline]
        cx, cy = _centre(drawn)
        shade = 0 if not area.value else min(len(SHADES) - 1, math.ceil(area.value / most * len(SHADES)) - 1)
        outline = " ".join(f"{px:.1f},{py:.1f}" for px, py in drawn)
        deep = shade >= 3
        parts.append(
            _linked(
                f"<title>{escape(area.title)}：{escape(_figure(area.value, unit))}</title>"
                f'<polygon points="{outline}" stroke="{GROUND}" stroke-width="2" {_shade(area.value, shade)}/>'
                + _text(f"{cx:.1f}", round(cy - 2, 1), _short(area.title, 8), anchor="middle", on_fill=deep, size=14)
                + _text(
                    f"{cx:.1f}",
                    round(cy + 17, 1),
                    _figure(area.value, unit),
                    anchor="middle",
                    on_fill=deep,
                    bold=True,
                    size=15,
                ),
                area.href,
            )
        )
    rows = tuple((a.title, _figure(a.value, unit)) for a in areas)
    return _chart(title, sentence, parts, high, ("地区", name), rows, view_box=f"0 0 560 {high}")


# -- drawing


def _chart(
    title: str,
    sentence: str,
    parts: list[str],
    height: int,
    head: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    *,
    view_box: str = "",
) -> Chart:
    title, sentence, head = say(title), say(sentence), tuple(say(name) for name in head)
    described = "；".join("，".join(row) for row in rows[:12]) + (say("；其余见表。") if len(rows) > 12 else "。")
    box = f' viewBox="{view_box}"' if view_box else f' height="{height}"'
    linked = any("<a " in p for p in parts)
    role = "group" if linked else "img"
    svg = (
        f'<svg width="100%"{box} role="{role}" aria-label="{escape(title)}。{escape(described)}">{"".join(parts)}</svg>'
    )
    return Chart(title, sentence, svg, head, rows, 640, height)


def _said(series: Sequence[Series]) -> list[Series]:
    return [replace(s, name=say(s.name)) for s in series]


def _shade(value: Number | None, shade: int) -> str:
    """The deeper the more; what is not known is grey, so it is never read as few."""
    if value is None:
        return f'fill="{GRID}" class="unknown"'
    return f'fill="{SERIES[0]}" fill-opacity="{SHADES[shade]}" class="district"'


def _figure(value: Number | None, unit: str) -> str:
    return str(say("未取得")) if value is None else f"{formats.number_text(value)}{unit}"


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def _short(text: str, most: int = LONGEST_LABEL) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _class(tone: str, n: int) -> str:
    return f"tone-{tone}" if tone else f"s{n % len(SERIES) + 1}"


def _paint(tone: str, n: int, also: str = "") -> str:
    colour = TONES[tone] if tone else SERIES[n % len(SERIES)]
    return f'fill="{colour}" class="{" ".join(filter(None, (_class(tone, n), also)))}"'


def _text(
    x: Number | str,
    y: Number,
    words: str,
    *,
    anchor: str = "start",
    bold: bool = False,
    soft: bool = False,
    on_fill: bool = False,
    size: int = 13,
    paint: str = "",
) -> str:
    colour = GROUND if on_fill else SOFT if soft else INK
    kind = "on-fill" if on_fill else "soft" if soft else "ink"
    paint = paint or f'fill="{colour}" class="{kind}"'
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"{weight} {paint}>{escape(words)}</text>'


def _linked(drawn: str, href: str) -> str:
    return f'<a href="{escape(href)}">{drawn}</a>' if href else f"<g>{drawn}</g>"


def _ticks(most: Number) -> list[Number]:
    """Zero and three to five round steps that hold the largest value."""
    if most <= 0:
        return [0, 1]
    rough = most / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(f * size for f in (1, 2, 2.5, 5, 10) if f * size >= rough)
    if step < 1 and isinstance(most, int):
        step = 1
    count = math.ceil(most / step)
    return [int(n * step) if float(n * step).is_integer() else round(n * step, 6) for n in range(count + 1)]


def _apart(wanted: list[float], least: float = 16) -> list[float]:
    """Labels pushed down just enough not to touch."""
    placed: list[float] = []
    for at in wanted:
        placed.append(max(at, placed[-1] + least if placed else 11))
    return placed


def _centre(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centroid of an outline (of a degenerate one, the mean of its corners)."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    if abs(area) < 1e-9:
        return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    return x / (3 * area), y / (3 * area)
