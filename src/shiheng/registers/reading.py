"""A row of a department's file as an entry: which column is which, and each cell as its fact, or why it is none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from shiheng.kernel.errors import Refused
from shiheng.registers.definition import SUBJECT, Register, choices_of, hint_of
from shiheng.ui import forms
from shiheng.ui.grids import plain
from shiheng.ui.wording import in_words, say

CODE, NAME, SINCE, UNTIL, STATE = "@code", "@name", "@since", "@until", "@state"
COLUMNS = {
    CODE: ("统一社会信用代码", "社会信用代码", "信用代码", "代码", "注册号"),
    NAME: ("主体", "主体名称", "企业名称", "单位名称", "商户名称", "名称"),
    SINCE: ("起", "有效期起", "起始日期", "开始日期"),
    UNTIL: ("止", "有效期止", "有效期至", "截止日期"),
    STATE: ("状态",),
}
"""What an entry says beside its facts, as departments head it."""

_UNIT = re.compile(r"[（(](?:元|万元|人|个)[）)]$")  # not shown: units behind a heading
_SPLIT = re.compile(r"[、,，;；\n]+")  # not shown: what parts several values
_YES = {"是", "1", "有", "true", "y"}  # not shown: read
_NO = {"否", "0", "无", "false", "n"}  # not shown: read


@dataclass(frozen=True, slots=True)
class Heads:
    """Which column holds what; ``unknown`` are headings nobody asked for: they are told, and left."""

    places: Mapping[int, str]
    titles: Mapping[int, str]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class Read:
    """One row: its contents as the register's model takes them, or what is wrong with it."""

    line: int
    cells: dict[str, str]
    given: BaseModel | None = None
    code: str = ""
    name: str = ""
    since: date | None = None
    until: date | None = None
    state: str = ""
    faults: list[str] = field(default_factory=list)


def headings(register: Register) -> list[str]:
    """The headings of an empty form to fill in."""
    own = [COLUMNS[CODE][0], COLUMNS[NAME][1]] if register.bound == SUBJECT or register.owned else []
    return [*own, *register.titles.values(), COLUMNS[STATE][0], COLUMNS[SINCE][1], COLUMNS[UNTIL][1]]


def heads_of(register: Register, row: Sequence[Any]) -> Heads:
    """Read the line of headings. Raises ``Refused`` where a column that must be there is not."""
    known = _known(register)
    places: dict[int, str] = {}
    titles: dict[int, str] = {}
    unknown = []
    for at, cell in enumerate(row):
        if title := re.sub(r"\s", "", plain(cell)).lstrip("*"):
            titles[at] = title
    own = {re.sub(r"\s", "", title) for title in register.titles.values()}
    # What the register itself calls a column comes before another heading for the same.
    for at, title in sorted(titles.items(), key=lambda held: (held[1] not in own, held[0])):
        name = known.get(title) or known.get(_UNIT.sub("", title))
        if name is None or name in places.values():
            unknown.append(title)
        else:
            places[at] = name
    missing = [title for name, title in _required(register).items() if name not in places.values()]
    if register.bound == SUBJECT and not {CODE, NAME} & set(places.values()):
        missing.insert(0, str(_("统一社会信用代码或者主体名称")))
    if missing:
        told = {"missing": "、".join(missing), "all": "、".join(headings(register))}
        raise Refused("import.columns", _("表头缺少：%(missing)s。应有的列：%(all)s。") % told)
    return Heads(places, titles, tuple(unknown))


def _known(register: Register) -> dict[str, str]:
    """Heading to what it holds: what the register itself calls so comes first."""
    found = {title: name for name, titles in COLUMNS.items() for title in titles}
    for name, info in register.facts.model_fields.items():
        for title in (info.title or name, *hint_of(info).get("headers", ())):
            # A cell is read in half width, so what it is compared with is too.
            found[re.sub(r"\s", "", plain(_UNIT.sub("", title)))] = name
            found[re.sub(r"\s", "", plain(title))] = name
    return found


def _required(register: Register) -> dict[str, str]:
    return {n: i.title or n for n, i in register.facts.model_fields.items() if i.is_required()}


class Reader:
    """Reads rows of one register; made once a file, for what its model asks is worked out once."""

    def __init__(self, register: Register, heads: Heads) -> None:
        self.register, self.heads = register, heads
        self.fields = {item.name: item for item in forms.from_model(register.facts, code="registers.read").fields}
        self.offered = {name: _offered(info) for name, info in register.facts.model_fields.items()}
        self.states = {plain(state.title): state.code for state in register.states}

    def read(self, line: int, row: Sequence[Any]) -> Read:
        """One row. Every fault is told, not the first only."""
        texts = {at: plain(cell) for at, cell in enumerate(row) if at in self.heads.titles}
        found = Read(line, {self.heads.titles[at]: text for at, text in texts.items()})
        raw: dict[str, Any] = {}
        for at, name in self.heads.places.items():
            text = texts.get(at, "")
            if not text:
                continue
            try:
                if name.startswith("@"):
                    self._own(found, name, text)
                else:
                    raw[name] = self._fact(name, _worded(row[at]) if self._is_free(name) else text)
            except ValueError as fault:
                found.faults.append(self._told(self.heads.titles[at], text, str(say(str(fault)))))
        failed = bool(found.faults)
        try:
            found.given = self.register.facts.model_validate(raw)
        except ValidationError as fault:
            for problem in fault.errors(include_url=False):
                name = str(problem["loc"][0]) if problem["loc"] else ""
                if name and name not in raw and failed:
                    continue  # it was there and could not be read, which is told already
                title = self.register.titles.get(name, "")
                found.faults.append(self._told(title, found.cells.get(title, ""), in_words(dict(problem))))
        return found

    def _is_free(self, name: str) -> bool:
        return not self.offered[name] and self.fields[name].widget in {"text", "textarea", "lines"}

    def _own(self, found: Read, name: str, text: str) -> None:
        if name == CODE:
            found.code = text.upper()
        elif name == NAME:
            found.name = text
        elif name == STATE:
            if text not in self.states:
                raise ValueError(_("没有这个状态，可填：%(states)s") % {"states": "、".join(self.states)})
            found.state = self.states[text]
        elif name == SINCE:
            found.since = forms.day_of(text)
        else:
            found.until = None if text == "长期" else forms.day_of(text)  # not shown: read

    def _fact(self, name: str, text: str) -> Any:
        item, offered = self.fields[name], self.offered[name]
        if item.widget == "checkbox":
            if text.lower() not in _YES | _NO:
                raise ValueError("请填“是”或“否”")
            return text.lower() in _YES
        if item.widget in {"lines", "checkboxes"}:
            parts = [part.strip() for part in _SPLIT.split(text) if part.strip()]
            return [self._choice(offered, part) for part in parts]
        return forms.typed(item, self._choice(offered, text))

    @staticmethod
    def _choice(offered: Mapping[str, str], text: str) -> str:
        if not offered:
            return text
        if text not in offered:
            raise ValueError(_("请从给出的选项中选择：%(options)s") % {"options": "、".join(dict.fromkeys(offered))})
        return offered[text]

    @staticmethod
    def _told(title: str, text: str, why: str) -> str:
        if not title:
            return why
        return _("%(title)s（%(text)s）：%(why)s") % {"title": title, "text": text[:30] or _("空"), "why": why}


_RUNS = (("\uff10", "\uff19"), ("\uff21", "\uff3a"), ("\uff41", "\uff5a"))
_WIDE = {wide: wide - 0xFEE0 for low, high in _RUNS for wide in range(ord(low), ord(high) + 1)}


def _worded(cell: Any) -> str:
    """A cell of free words: digits and letters in half width, Chinese punctuation as it was written."""
    return cell.translate(_WIDE).strip() if isinstance(cell, str) else plain(cell)


def _offered(info: FieldInfo) -> dict[str, str]:
    """What may be written in a cell, and the code it means: a title, or the code itself."""
    found = choices_of(info)
    return {**{plain(title): code for code, title in found.items()}, **{plain(code): code for code in found}}
