"""What is true of the lives and of the rows that speak of them; never loaded, the measure of later engines.

``lives/<source>.events.jsonl``: one event a line with the rows that tell of it. ``lives/<source>.rows.jsonl``: one line
for each row that is not simply clean. ``lives/<source>.due.jsonl``: every file that was to come and how it fared.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from shiheng.city.departments.faults import FAULTS, UNTIDY
from shiheng.city.departments.plan import Due
from shiheng.city.lives.model import Event

FOLDER = "lives"
_ENCODE = json.JSONEncoder(ensure_ascii=False, default=date.isoformat, separators=(",", ":")).encode


class Book:
    """The truth of one source, written while its files are."""

    def __init__(self, directory: Path, source: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._events = (directory / f"{source}.events.jsonl").open("w", encoding="utf-8", newline="\n")
        self._rows = (directory / f"{source}.rows.jsonl").open("w", encoding="utf-8", newline="\n")
        self._due = directory / f"{source}.due.jsonl"

    def event(self, k: int, event: Event, rows: list[tuple[str, int]]) -> None:
        told: dict[str, Any] = {"k": k, "kind": event.kind, "key": event.key, "day": event.day}
        if len(event.steps) > 1:
            told["last"] = event.last
        for name in ("cause", "gone", "undone"):
            if value := getattr(event, name):
                told[name] = value
        # Whom it means, where that is a natural person and not the business; in which issue of a list it came out.
        said = event.on(date.max)
        told |= {name: said[name] for name in ("person", "issue", "published") if name in said}
        self._events.write(_ENCODE({**told, "rows": rows}) + "\n")

    def row(self, **said: Any) -> None:
        self._rows.write(_ENCODE(said) + "\n")

    def due(self, due: list[Due]) -> None:
        lines = (_ENCODE(asdict(item)) + "\n" for item in due)
        self._due.write_text("".join(lines), encoding="utf-8", newline="\n")

    def close(self) -> None:
        self._events.close()
        self._rows.close()


def read(directory: Path, source: str, what: str) -> Iterator[dict[str, Any]]:
    """The lines of one truth file: ``events``, ``rows`` or ``due``."""
    with (directory / FOLDER / f"{source}.{what}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def readme() -> str:
    faults = "\n".join(f"- `{kind}`：{title}" for kind, title in FAULTS.items())
    untidy = "\n".join(f"- `{kind}`：{title}" for kind, title in UNTIDY.items())
    return f"""# 各部门数据的已知真相

本目录只供测量，任何程序都不得把它当作数据源载入。行号从 1 起、不计表头；户号 `k` 与 `truth/subjects.jsonl` 相同。

- `<来源>.events.jsonl`：每行一件事。`day` 发生日，`last` 最后一次变化，`cause` 起因（另一件事的编号），
  `gone` 不再列出之日，`undone` 撤回之日，`person` 说的是自然人时其姓名与证件号码（`k` 是其任法定代表人的户），
  `issue`、`published` 名单公布的期号与日期，`rows` 说到它的 [文件, 行号]。没有行的事是真的，但还没有哪个部门报来。
- `<来源>.rows.jsonl`：每行一条有瑕疵的来文行。`fault` 非空的行必须以 `reason` 隔离；`untidy` 非空的行整理后必须接受。
  `twin` 是同一主键的另一行，`wrong` 为真的那一行是错的。
- `<来源>.due.jsonl`：每份应报的文件。`fate`：intime 按时、late 迟到、waiting 迟而未到、
  lost 从未报来、merged 并入下一份、empty 无事可报。

## 必须隔离
{faults}

## 整理后接受
{untidy}
"""
