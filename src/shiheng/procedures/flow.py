"""The flow chart of a procedure: its states from top to bottom in their phases, under each the steps it offers.

A case has seventy steps and as many arrows; drawn as lines nobody can follow them. Here each state has a number, a step
that leads on names the number it leads to, and steps that leave the state as it is stand together. Text is wrapped for
the width it is drawn at, so there is a wide chart for a desk and a narrow one for a telephone. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape

from shiheng.procedures.definition import PartyKind, Procedure, State, Step
from shiheng.ui.charts import AXIS, GROUND, INK, SOFT
from shiheng.ui.wording import say

WIDE, NARROW = 680, 328
OFTEN = 4
"""A step that can be taken in so many states, and leads out of none of them, is told once below."""
SIZE, LINE, BOX, GAP, SPINE = 13, 21, 34, 14, 14
"""Type, the height of a line and of a box, the gap between states, and where the line that joins them runs."""


@dataclass(slots=True)
class _Drawing:
    width: int
    y: int = 4
    parts: list[str] = field(default_factory=list)

    def text(self, x: int, words: str, *, bold: bool = False, soft: bool = False, hang: int = 0) -> None:
        """Words wrapped to the width, each line below the last; lines after the first begin ``hang`` further in."""
        colour, kind = (SOFT, "soft") if soft else (INK, "ink")
        weight = ' font-weight="600"' if bold else ""
        for place, line in enumerate(wrapped(words, self.width - x - hang - 8)):
            self.parts.append(
                f'<text x="{x + (hang if place else 0)}" y="{self.y + 15}" font-size="{SIZE}"{weight} '
                f'fill="{colour}" class="{kind}">{escape(line)}</text>'
            )
            self.y += LINE

    def line(self, y1: int, y2: int, *, tip: bool = False) -> None:
        end = f'<path d="M{SPINE - 4} {y2 - 6}L{SPINE} {y2}L{SPINE + 4} {y2 - 6}z" fill="{AXIS}"/>' if tip else ""
        self.parts.append(f'<line x1="{SPINE}" x2="{SPINE}" y1="{y1}" y2="{y2}" stroke="{AXIS}" class="axis"/>{end}')

    def box(self, words: str, *, ended: bool) -> None:
        lines = wrapped(words, self.width - 28)
        height = BOX + (len(lines) - 1) * LINE
        self.parts.append(
            f'<rect x="1" y="{self.y}" width="{self.width - 2}" height="{height}" rx="{BOX // 2 if ended else 4}" '
            f'fill="{GROUND}" stroke="{AXIS if ended else INK}" class="ground axis"/>'
        )
        for place, line in enumerate(lines):
            self.parts.append(
                f'<text x="14" y="{self.y + 22 + place * LINE}" font-size="{SIZE + 1}" font-weight="600" fill="{INK}" '
                f'class="ink">{escape(line)}</text>'
            )
        self.y += height


def width_of(text: str) -> int:
    """How wide a line of type is: Chinese characters are square, others about half of it."""
    return sum(SIZE if ord(letter) > 0x2E7F else SIZE * 6 // 10 for letter in text)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines no wider; a line never begins with a comma."""
    lines, line = [], ""
    for letter in text:
        if line and width_of(line + letter) > width and letter not in "、，。；：）”":  # not shown: compared
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line]


def draw(procedure: Procedure, width: int = WIDE) -> str:
    """The chart as SVG: first the file, then each kind of party that has states of its own."""
    drawing = _Drawing(width)
    numbers = {state.code: n for n, state in enumerate(procedure.states, start=1)}
    phases = _phases(procedure.states)
    for phase, states in phases:
        if phase:
            drawing.y += 6
            drawing.text(0, str(say(phase)), bold=True, soft=True)
        for state in states:
            steps = [step for step in procedure.steps if state.code in step.came_from and not _often(step)]
            leads = any(numbers.get(step.to) == numbers[state.code] + 1 for step in steps)
            _state(drawing, state, numbers, list(_lines(procedure, state, steps, numbers)), leads=leads)
    if often := [step for step in procedure.steps if _often(step)]:
        drawing.text(0, str(say("几个状态下都可办")), bold=True, soft=True)
        for words in _listed([f"{say(step.title)}（{_numbers(step, numbers)}）" for step in often]):
            drawing.text(8, words, hang=13)
        drawing.y += GAP
    everywhere = [step for step in procedure.steps if not step.came_from and not step.party_to]
    if everywhere:
        drawing.text(0, str(say("未办结时随时可办")), bold=True, soft=True)
        for words in _listed([*_moves(procedure, everywhere, numbers), *_stays(everywhere)]):
            drawing.text(8, words, hang=13)
    for kind in procedure.parties:
        if kind.states:
            _party(drawing, procedure, kind)
    label = "；".join(f"{numbers[state.code]}{say(state.title)}" for state in procedure.states)
    return (
        f'<svg width="{width}" height="{drawing.y + 4}" viewBox="0 0 {width} {drawing.y + 4}" class="flow" role="img" '
        f'aria-label="{escape(say(procedure.title))}：{escape(label)}">{"".join(drawing.parts)}</svg>'
    )


def _often(step: Step) -> bool:
    return not step.to and len(step.came_from) >= OFTEN


def _numbers(step: Step, numbers: dict[str, int]) -> str:
    """The states it can be taken in, by number: one after another as from–to."""
    held = sorted(numbers[code] for code in step.came_from)
    runs: list[list[int]] = []
    for n in held:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _phases(states: Sequence[State]) -> list[tuple[str, list[State]]]:
    """States one after another that name the same phase."""
    found: list[tuple[str, list[State]]] = []
    for state in states:
        if not found or found[-1][0] != state.phase:
            found.append((state.phase, []))
        found[-1][1].append(state)
    return found


def _state(
    drawing: _Drawing, state: State, numbers: dict[str, int], lines: Sequence[str], *, leads: bool
) -> None:  # fmt: skip
    drawing.box(f"{numbers[state.code]}　{say(state.title)}", ended=state.ended)
    begun = drawing.y
    drawing.y += 4
    for words in lines:
        drawing.text(SPINE + 14, words, hang=13)
    drawing.y += GAP
    if leads:  # to the very next; every other way is told by its number
        drawing.line(begun, drawing.y, tip=True)


def _lines(procedure: Procedure, state: State, steps: Sequence[Step], numbers: dict[str, int]) -> Iterator[str]:
    leading = [step for step in steps if step.to and step.to != state.code]
    yield from _moves(procedure, leading, numbers)
    yield from _stays([step for step in steps if step not in leading])


def _moves(procedure: Procedure, steps: Sequence[Step], numbers: dict[str, int]) -> Iterator[str]:
    """A step and the state it leads to, by number."""
    for step in steps:
        if step.to:
            yield f"{say(step.title)} → {numbers[step.to]} {say(procedure.state(step.to).title)}"


def _stays(steps: Sequence[Step]) -> Iterator[str]:
    """Steps that leave the state as it is, together."""
    titles = [str(say(step.title)) for step in steps if not step.to or step.to in step.came_from]
    if titles:
        yield f"{say('可办')}：{'、'.join(dict.fromkeys(titles))}"


def _listed(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(lines))


def _party(drawing: _Drawing, procedure: Procedure, kind: PartyKind) -> None:
    """The course of one party, or of goods under seizure, beside the file's."""
    drawing.y += GAP
    drawing.text(0, f"{say(kind.title)}{say('各自的进程')}", bold=True, soft=True)
    numbers = {state.code: n for n, state in enumerate(kind.states, start=1)}
    moving = [step for step in procedure.steps if step.party_kind == kind.code and step.party_to]
    ends = {state.code for state in kind.states} - {code for step in moving for code in step.party_from}
    for state in kind.states:
        lines = [
            f"{say(step.title)} → {numbers[step.party_to]} {say(kind.state(step.party_to).title)}"
            for step in moving
            if state.code in step.party_from or (not step.party_from and state is kind.states[0])
        ]
        ended = State(state.code, state.title, state.tone, ended=state.code in ends)
        after = numbers[state.code] + 1
        leads = any(numbers[step.party_to] == after for step in moving if state.code in step.party_from)
        _state(drawing, ended, numbers, lines, leads=leads)


def rows_of(procedure: Procedure) -> tuple[tuple[str, ...], ...]:
    """The table behind the chart: every step that leads on, from where, to where."""
    return tuple(
        ("、".join(str(say(procedure.state(code).title)) for code in step.came_from) or "—", str(say(step.title)),
         str(say(procedure.state(step.to).title)))
        for step in procedure.steps if step.to
    )  # fmt: skip
