"""职权运行流程图: the declared steps of a power drawn from top to bottom, with the table of steps behind it.

Places across are shares of the width and type is in pixels, so on a phone the chart gets narrower and its words stay
legible. A step that leads over several rows keeps a lane of its own there; one that leads back goes up at the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape

from shiheng.catalogue.powers.definition import Flow, Step, read_limit
from shiheng.ui.charts import AXIS, GROUND, INK, SOFT, Chart
from shiheng.ui.wording import say

BOX, GAP, TOP = 48, 44, 6
LONGEST = 16
Lane = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class _Laid:
    rows: list[list[str | Lane]]
    row_of: dict[str, int]
    back: list[tuple[str, str, str]]


def draw(flow: Flow) -> Chart:
    """The chart of one course."""
    laid = _lay(flow.steps)
    at = {node: _share(place, len(row)) for row in laid.rows for place, node in enumerate(row)}
    parts: list[str] = []
    for step in flow.steps:
        for goal, on in step.follows:
            if laid.row_of[goal] > laid.row_of[step.code]:
                parts += _down(step.code, goal, on, laid.row_of, at)
    parts += [part for source, goal, on in laid.back for part in _back(source, goal, on, laid.row_of, at)]
    parts += [_box(step, laid, at[step.code]) for step in flow.steps]
    height = len(laid.rows) * (BOX + GAP) - GAP + 2 * TOP
    head = tuple(say(title) for title in ("步骤", "职责", "办理人", "期限", "依据", "下一步"))
    title = say(flow.title)
    rows = tuple(_row(flow, step) for step in flow.steps)
    label = "；".join(f"{step.title}→{_next(flow, step) or say('结束')}" for step in flow.steps)
    svg = (
        '<svg width="100%" class="flow" '
        f'height="{height}" role="img" aria-label="{escape(title)}。{escape(label)}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{AXIS}"/></marker></defs>{"".join(parts)}</svg>'
    )
    return Chart(str(title), str(say("自上而下办理；虚线是退回。")), svg, head, rows, 640, height)


def _row(flow: Flow, step: Step) -> tuple[str, ...]:
    limit = read_limit(step.limit)
    basis = step.basis.words(say) if step.basis else "—"
    return (step.title, step.duty, step.who, limit.words(say) if limit else "—", basis, _next(flow, step) or "—")


def _next(flow: Flow, step: Step) -> str:
    titles = {one.code: one.title for one in flow.steps}
    return "、".join(f"{titles[goal]}（{on}）" if on else titles[goal] for goal, on in step.follows)


def _lay(steps: Sequence[Step]) -> _Laid:
    """Which row each step stands in: below everything that leads to it, an edge to an earlier step leading back."""
    order = {step.code: place for place, step in enumerate(steps)}
    row_of = dict.fromkeys(order, 0)
    forward: list[tuple[str, str]] = []
    back: list[tuple[str, str, str]] = []
    for step in steps:
        for goal, on in step.follows:
            if order[goal] > order[step.code]:
                forward.append((step.code, goal))
            else:
                back.append((step.code, goal, on))
    for source, goal in sorted(forward, key=lambda edge: order[edge[0]]):
        row_of[goal] = max(row_of[goal], row_of[source] + 1)
    rows: list[list[str | Lane]] = [[] for _ in range(max(row_of.values()) + 1)]
    for step in steps:
        rows[row_of[step.code]].append(step.code)
    for source, goal in forward:
        for row in range(row_of[source] + 1, row_of[goal]):
            rows[row].append((source, goal, row))
    return _Laid(rows, row_of, back)


def _share(place: int, count: int) -> float:
    return (place + 0.5) / count * 92


def _line(x1: float, y1: int, x2: float, y2: int, *, tip: bool = True, dashed: bool = False) -> str:
    also = (' marker-end="url(#tip)"' if tip else "") + (' stroke-dasharray="4 3"' if dashed else "")
    return f'<line x1="{x1:.1f}%" y1="{y1}" x2="{x2:.1f}%" y2="{y2}" stroke="{AXIS}" class="axis"{also}/>'


def _top(row: int) -> int:
    return TOP + row * (BOX + GAP)


def _down(source: str, goal: str, on: str, row_of: dict[str, int], at: dict[str | Lane, float]) -> list[str]:
    first, last = row_of[source], row_of[goal]
    x, y = at[source], _top(first) + BOX
    parts = []
    for row in range(first + 1, last):
        lane = at[(source, goal, row)]
        parts += [_line(x, y, lane, _top(row), tip=False), _line(lane, _top(row), lane, _top(row) + BOX, tip=False)]
        x, y = lane, _top(row) + BOX
    parts.append(_line(x, y, at[goal], _top(last)))
    if on:
        goal_x = at[(source, goal, first + 1)] if last > first + 1 else at[goal]
        parts.append(_words((at[source] + 2 * goal_x) / 3, _top(first) + BOX + 24, on, size=11, soft=True))
    return parts


def _back(source: str, goal: str, on: str, row_of: dict[str, int], at: dict[str | Lane, float]) -> list[str]:
    low, high = _top(row_of[source]) + BOX // 2, _top(row_of[goal]) + BOX // 2
    side = 97.0
    return [
        _line(at[source], low, side, low, tip=False, dashed=True),
        _line(side, low, side, high, tip=False, dashed=True),
        _line(side, high, at[goal] + 17, high, dashed=True),
        _words(side - 1, (low + high) // 2, on, size=11, soft=True, anchor="end"),
    ]


def _box(step: Step, laid: _Laid, x: float) -> str:
    row = laid.rows[laid.row_of[step.code]]
    wide = min(34.0, 88.0 / len(row))
    top = _top(laid.row_of[step.code])
    limit = read_limit(step.limit)
    told = limit.words(say) if limit else ""
    allowed = told if told.isascii() else told.replace(" ", "")
    under = " · ".join(filter(None, (allowed, step.who.split("（")[0])))
    return (
        f'<rect x="{x - wide / 2:.1f}%" y="{top}" width="{wide:.1f}%" height="{BOX}" rx="4" fill="{GROUND}" '
        f'stroke="{INK}" class="ground axis"/>'
        + _words(x, top + 20, step.title, size=13, bold=True)
        + _words(x, top + 38, under, size=11, soft=True)
    )


def _words(
    x: float, y: int, text: str, *, size: int, soft: bool = False, bold: bool = False, anchor: str = "middle"
) -> str:
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    colour, kind = (SOFT, "soft") if soft else (INK, "ink")
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}%" y="{y}" font-size="{size}" text-anchor="{anchor}"{weight} fill="{colour}" '
        f'class="{kind}">{escape(shown)}</text>'
    )
