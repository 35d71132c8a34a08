"""What a command gives back, and how the same thing is told to people, to scripts and to the shell."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tqdm import tqdm

OK, REFUSED, USAGE, MISSING, CONFLICT, PARTIAL, INTERNAL = 0, 1, 2, 3, 4, 5, 70
STOPPED = 130

EXIT_CODES = {
    OK: "完成",
    REFUSED: "规则不允许，未作任何改动",
    USAGE: "命令或参数写错",
    MISSING: "找不到指定的对象",
    CONFLICT: "与已有内容冲突，或他人正在操作",
    PARTIAL: "部分完成（如 --strict 时有行被隔离，或体检有不合格项）",
    INTERNAL: "程序内部错误",
    STOPPED: "被 Ctrl-C 中断",
}

CODE_OF_STATUS = {403: REFUSED, 404: MISSING, 409: CONFLICT, 422: REFUSED}


@dataclass(slots=True)
class Answer:
    """``facts`` is the JSON object; ``lines`` say the same to a person; ``code`` goes to the shell."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    lines: Iterable[str] = ()
    code: int = OK


class Progress:
    """Progress bars and passing messages on standard error; silent when nobody watches."""

    def __init__(self, wanted: bool | None = None) -> None:
        self.shown = sys.stderr.isatty() if wanted is None else wanted

    @contextmanager
    def bar(self, title: str, total: int | None = None, unit: str = "行") -> Iterator["tqdm[Any]"]:
        with tqdm(
            total=total, desc=title, unit=unit, unit_scale=True, disable=not self.shown, file=sys.stderr, leave=True
        ) as bar:
            yield bar

    def say(self, text: str) -> None:
        """A passing word; goes where the bars go, and only when they are shown."""
        if self.shown:
            tqdm.write(text, file=sys.stderr)


def table(rows: Iterable[Iterable[Any]], header: Iterable[str]) -> Iterator[str]:
    """Rows under a header, columns as wide as their content; a Chinese character is two cells wide."""
    held = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[i]) for row in held) for i in range(len(held[0]))]
    for row in held:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
