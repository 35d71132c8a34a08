"""A person's web as server-made SVG: a circle is a person, a square a subject, a dashed line a suspicion. Pure.

Laid out in columns (the person, the subjects, whoever left the same telephone), so that long names stay legible and a
reader's programme meets them in order. The same facts stand in the tables beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, ROW, BOX, TOP = 960, 46, 34, 14
_PERSON, _SUBJECT, _OTHER = 70, 230, 640
_BOX_WIDTH = 300
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its name, what is said under it, where it leads, and which boxes of the column before it hangs on."""

    name: str
    said: str
    href: str = ""
    on: tuple[int, ...] = ()
    ended: bool = False


def drawn(person: str, subjects: Sequence[Node], suspects: Sequence[Node], *, label: str) -> SafeString:
    """The web of one person; ``suspects`` hang on subjects by their places."""
    height = TOP * 2 + ROW * max(len(subjects), len(suspects), 2)
    middle = height / 2
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [f'<svg class="web" {size} role="group" aria-label="{escape(label)}">']
    for place, node in enumerate(subjects):
        ended = " web-ended" if node.ended else ""
        parts.append(_line(_PERSON + 34, middle, _SUBJECT, _y(place), f"web-line{ended}"))
    for place, node in enumerate(suspects):
        right = _SUBJECT + _BOX_WIDTH
        parts += [_line(right, _y(at), _OTHER, _y(place), "web-line web-maybe") for at in node.on]
    parts.append(f'<circle class="web-person" cx="{_PERSON}" cy="{middle:g}" r="34"/>')
    name = _cut(person, 5)
    parts.append(f'<text class="web-name" x="{_PERSON}" y="{middle + 5:g}" text-anchor="middle">{name}</text>')
    parts += [_box(node, _SUBJECT, place, "") for place, node in enumerate(subjects)]
    parts += [_box(node, _OTHER, place, " web-maybe") for place, node in enumerate(suspects)]
    return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308 - every text in it is escaped


def _y(place: int) -> float:
    return TOP + ROW * place + BOX / 2


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    bend = (x1 + x2) / 2
    return f'<path class="{css}" d="M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}"/>'


def _box(node: Node, x: int, place: int, css: str) -> str:
    y = TOP + ROW * place
    ended = " web-ended" if node.ended else ""
    inside = (
        f'<rect class="web-box{css}{ended}" x="{x}" y="{y}" width="{_BOX_WIDTH}" height="{BOX}"/>'
        f'<text class="web-name" x="{x + 8}" y="{y + 14}">{_cut(node.name, _LONGEST)}</text>'
        f'<text class="web-said" x="{x + 8}" y="{y + 28}">{_cut(node.said, _LONGEST + 6)}</text>'
    )
    return f'<a href="{escape(node.href)}">{inside}</a>' if node.href else inside


def _cut(text: str, most: int) -> str:
    return escape(text if len(text) <= most else f"{text[: most - 1]}…")
