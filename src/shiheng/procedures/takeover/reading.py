"""A row of an earlier system's table as a file: its columns, the steps it tells the days of, what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from django.utils.translation import gettext as _
from pydantic import BaseModel

from shiheng.kernel import clock
from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Refused
from shiheng.procedures.contents import CONTACT, contents_of, procedure_of
from shiheng.procedures.course import Course, Party, Passage
from shiheng.procedures.definition import OPENING, Procedure, Step
from shiheng.registers.definition import Register
from shiheng.registers.reading import Heads, Reader
from shiheng.ui import forms
from shiheng.ui.grids import plain
from shiheng.ui.wording import say

NUMBER, RECEIVED, STATE, OFFICER, OFFICE, CODE = "@number", "@received", "@state", "@officer", "@office", "@code"
OWN = {
    NUMBER: "原编号", RECEIVED: "收到日期", STATE: "现在状态", OFFICER: "承办人", OFFICE: "承办单位",
    CODE: "统一社会信用代码",
}  # fmt: skip
NEEDED = (NUMBER, RECEIVED, STATE)
_SPLIT = re.compile(r"[、,，;；\s]+")  # not shown: what parts several days


@dataclass(frozen=True, slots=True)
class Standing:
    """A party as the row names it."""

    kind: str
    name: str
    contact: Mapping[str, str]


@dataclass(slots=True)
class Brought:
    """One row: the file it tells of, or its faults, each with the column and what to do."""

    line: int
    number: str = ""
    received: date | None = None
    state: str = ""
    officer: str = ""
    office: str = ""
    code: str = ""
    given: BaseModel | None = None
    parties: list[Standing] = field(default_factory=list)
    steps: list[tuple[Step, date, dict[str, Any]]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def fault(self, column: str, why: str) -> None:
        self.faults.append((column, why))


def columns(procedure: Procedure) -> dict[str, str]:
    """What a table of this procedure's files has, in order: what each column holds, and its heading."""
    found = dict(OWN)
    found |= {f"fact:{name}": title for name, title in contents_of(procedure, OPENING).titles.items()}
    for kind in procedure.parties:
        if kind.later:
            continue
        found[f"party:{kind.code}:name"] = f"{kind.title}名称"
        found |= {f"party:{kind.code}:{fact}": f"{kind.title}{title}" for fact, (title, _m) in CONTACT.items()}
    told = {(start, name) for limit in procedure.limits for start in limit.starts
            for name in (limit.since, limit.until) if name}  # fmt: skip
    for step in procedure.steps:
        if step.adds:
            continue
        found[f"step:{step.code}"] = f"“{step.title}”日期"
        titles = contents_of(procedure, step.code).titles
        found |= {
            f"told:{step.code}:{name}": f"“{step.title}”{titles.get(name, name)}"
            for start, name in sorted(told) if start == step.code
        }  # fmt: skip
    return found


def required(procedure: Procedure) -> set[str]:
    """The columns every row must fill in."""
    facts = {f"fact:{name}" for name, info in procedure.facts.model_fields.items() if info.is_required()}
    return facts | set(NEEDED)


def places_of(procedure: Procedure, row: Sequence[Any]) -> dict[int, str]:
    """Which column holds what. Raises ``Refused`` where one that must be there is not."""
    known = {re.sub(r"\s", "", plain(title)): name for name, title in reversed(columns(procedure).items())}
    places = {at: known[title] for at, cell in enumerate(row) if (title := re.sub(r"\s", "", plain(cell))) in known}
    missing = [columns(procedure)[name] for name in columns(procedure)
               if name in required(procedure) and name not in places.values()]  # fmt: skip
    if missing:
        told = {"missing": "、".join(missing)}
        raise Refused("takeover.columns", _("表头缺少：%(missing)s。请下载这个程序的模板填写。") % told)
    return places


class Table:
    """Reads the rows of one table; made once a file."""

    def __init__(self, procedure: Procedure, head: Sequence[Any]) -> None:
        self.procedure = procedure
        self.places = places_of(procedure, head)
        self.titles = columns(procedure)
        contents = contents_of(procedure, OPENING)
        facts = {at: name.removeprefix("fact:") for at, name in self.places.items() if name.startswith("fact:")}
        heads = Heads(facts, {at: contents.titles[name] for at, name in facts.items()}, ())
        shape = SimpleNamespace(facts=procedure.facts, titles=contents.titles, states=())
        self.facts = Reader(cast("Register", shape), heads)
        self.personal = {contents.titles[name] for name in contents.personal}

    def read(self, line: int, row: Sequence[Any]) -> Brought:
        """One row; every fault of it is told."""
        found = Brought(line)
        cells = {name: self._cell(name, row[at]) if at < len(row) else "" for at, name in self.places.items()}
        self._own(found, cells)
        read = self.facts.read(line, row)
        found.given = read.given if not read.faults else None
        for fault in read.faults:
            title = next((held for held in read.cells if str(fault).startswith(held)), "")
            why = str(fault).replace(f"（{read.cells[title][:30]}）", "") if title in self.personal else str(fault)
            found.fault(title, why.removeprefix(title).lstrip("："))
        if found.received:
            self._steps(found, procedure_of(self.procedure.code, on=found.received), cells)
        self._parties(found, cells)
        return found

    @staticmethod
    def _cell(name: str, cell: Any) -> str:
        """Names and addresses as they were written; everything else in half width."""
        return cell.strip() if name.startswith("party:") and isinstance(cell, str) else plain(cell)

    def _own(self, found: Brought, cells: Mapping[str, str]) -> None:
        for name in NEEDED:
            if not cells.get(name):
                found.fault(OWN[name], str(_("没有填写，请补上")))
        found.number, found.state = cells.get(NUMBER, ""), cells.get(STATE, "")
        found.officer = cells.get(OFFICER, "")
        found.office, found.code = cells.get(OFFICE, ""), cells.get(CODE, "").upper()
        if len(found.number) > 80:
            found.fault(OWN[NUMBER], str(_("最多 80 个字")))
        if text := cells.get(RECEIVED):
            found.received = self._day(found, OWN[RECEIVED], text)

    def _day(self, found: Brought, column: str, text: str) -> date | None:
        try:
            day = forms.day_of(text)
        except ValueError:
            found.fault(column, str(_("“%(text)s”不是日期，请写成 2026-11-20 的样子") % {"text": text[:20]}))
            return None
        if day > clock.today():
            found.fault(column, str(_("%(day)s 还没有到，请核对") % {"day": day}))
            return None
        return day

    def _parties(self, found: Brought, cells: Mapping[str, str]) -> None:
        for kind in self.procedure.parties:
            name = cells.get(f"party:{kind.code}:name", "")
            contact = {fact: text for fact in CONTACT if (text := cells.get(f"party:{kind.code}:{fact}", ""))}
            if name:
                found.parties.append(Standing(kind.code, name, contact))
            elif contact:
                found.fault(f"{kind.title}名称", str(_("填了联系方式，没有填名称，请补上")))

    def _steps(self, found: Brought, procedure: Procedure, cells: Mapping[str, str]) -> None:
        for name, text in cells.items():
            if not name.startswith("step:") or not text:
                continue
            step = procedure.step(name.removeprefix("step:"))
            if step is None:
                found.fault(self.titles[name], str(_("收到之日的规定没有这个环节，请删去")))
                continue
            for part in filter(None, _SPLIT.split(text)):
                if day := self._day(found, self.titles[name], part):
                    found.steps.append((step, day, self._told(found, procedure, step, cells)))
        order = {step.code: at for at, step in enumerate(procedure.steps)}
        found.steps.sort(key=lambda one: (one[1], order[one[0].code]))

    def _told(self, found: Brought, procedure: Procedure, step: Step, cells: Mapping[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for limit in procedure.limits:
            for name in filter(None, (limit.since, limit.until)):
                key = f"told:{step.code}:{name}"
                if step.code in limit.starts and (text := cells.get(key)):
                    try:
                        told[name] = forms.day_of(text).isoformat() if ":" not in text else text
                    except ValueError:
                        found.fault(self.titles[key], str(_("不是日期，请写成 2026-11-20 的样子")))
                elif step.code in limit.starts and limit.until:
                    found.fault(self.titles[key], str(_("期限要用这一项，请补上")))
        return told


def course_of(found: Brought, procedure: Procedure, opening: Mapping[str, Any], actor: str) -> Course:
    """The course its days make: each step taken over from the earlier system. Faults are told where it cannot be one.

    What an ordinary step did is laid to the officer, so that whoever handled the file does not review it here.
    """
    now = clock.now()
    received = found.received or now.astimezone(SHANGHAI).date()
    parties = tuple(Party(n, given.kind) for n, given in enumerate(found.parties, start=1))
    course = Course(procedure, (Passage(1, OPENING, received, now, actor, facts=opening),), parties)
    for step, day, told in found.steps:
        column = f"“{step.title}”日期"
        if day < received:
            found.fault(column, str(_("早于收到日期，请核对")))
        if step not in procedure.steps_from(course.state):
            words = _("按所填日期，此前案卷是“%(state)s”，不能办这一环节；请补填缺少的环节或者改日期")
            found.fault(column, str(words % {"state": say(procedure.state(course.state).title)}))
            continue
        party = next(iter(course.of_kind(step.of_party)), None) if step.of_party else None
        if step.of_party and party is None:
            kind = procedure.party(step.of_party)
            title = kind.title if kind else step.of_party
            found.fault(f"{title}名称", str(_("这一环节是为这一方办的，请填名称")))
            continue
        hand = "" if step.apart_from else actor
        course = course.after(Passage(len(course.passages) + 1, step.code, day, now, hand, (), told, party))
    return course


def check_state(found: Brought, course: Course) -> None:
    """The state a row names is the state its days lead to, and one in which there is still something to do."""
    procedure = course.procedure
    codes = {plain(state.title): state for state in procedure.states}
    named = codes.get(plain(found.state))
    if named is None:
        offered = "、".join(state.title for state in procedure.states if not state.ended)
        found.fault(OWN[STATE], str(_("没有“%(text)s”这个状态，可填：%(offered)s") % {
            "text": found.state[:20], "offered": offered}))  # fmt: skip
    elif named.ended:
        found.fault(OWN[STATE], str(_("已经办结的案卷不在这里接收")))
    elif named.code != course.state and not any("日期" in column for column, _why in found.faults):
        words = _("按所填的环节日期应当是“%(reached)s”；请补填缺少的环节日期，或者改这一项")
        found.fault(OWN[STATE], str(words % {"reached": say(procedure.state(course.state).title)}))


def rows_under(grid: Iterator[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """Every line that says anything, by its number."""
    return ((line, row) for line, row in enumerate(grid, 1) if any(plain(cell) for cell in row))
