"""What becomes of a row: a file to be taken, one that is there already, or faults with the column and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Account, Office
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import files
from shiheng.procedures import queries as held_files
from shiheng.procedures.contents import contents_of, procedure_of
from shiheng.procedures.course import Course
from shiheng.procedures.definition import OPENING
from shiheng.procedures.models import Batch, Proceeding
from shiheng.procedures.moves.queries import calendar
from shiheng.procedures.takeover import reading
from shiheng.procedures.takeover.reading import Brought
from shiheng.registers.contents import kept
from shiheng.subjects import queries as subjects
from shiheng.ui.grids import rows as grid_of

OLD = "earlier-system"


@dataclass
class Judged:
    """One row with the course it makes, whose it is and where, or its faults, or the file it is already."""

    brought: Brought
    course: Course | None = None
    opening: dict[str, Any] = field(default_factory=dict)
    scope: str = ""
    officer: Account | None = None
    subject: int | None = None
    already: Proceeding | None = None

    @property
    def outcome(self) -> str:
        return "already" if self.already else "quarantined" if self.brought.faults else "new"


class Judge:
    """Judges the rows of one table; remembers the numbers of it, for a number stands in it once."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.seen: dict[str, int] = {}
        offices = Office.objects.filter(within((batch.scope,), "path"), closed_on=None)
        self.offices = {name: office.path for office in offices for name in (office.title, office.code)}

    def judge(self, brought: Brought) -> Judged:
        found = Judged(brought, scope=self.batch.scope)
        if first := self.seen.get(brought.number):
            brought.fault("原编号", str(_("与第 %(line)s 行重复，请删去一行") % {"line": first}))
            return found
        self.seen |= {brought.number: brought.line} if brought.number else {}
        held = Proceeding.objects.filter(procedure=self.batch.procedure, source_number=brought.number).first()
        if brought.number and held:
            found.already = held
            return found
        if brought.number and Proceeding.objects.filter(number=brought.number).exists():
            brought.fault("原编号", str(_("本系统已有这个编号的案卷，请核对")))
        if brought.office and not (scope := self.offices.get(brought.office)):
            brought.fault("承办单位", str(_("辖区内没有这个单位，请填单位名称或者编码")))
        elif brought.office:
            found.scope = scope or ""
        self._officer(found)
        if brought.code:
            found.subject = subjects.by_key(brought.code)
            if found.subject is None:
                brought.fault("统一社会信用代码", str(_("没有这个主体；查不到的请留空，以后再并")))
        if brought.received and brought.given is not None:
            self._course(found)
        return found

    def _officer(self, found: Judged) -> None:
        name = found.brought.officer
        if not name:
            return
        there = held_files.officers_at(found.scope)
        people = list(there.filter(username=name)[:2]) or list(there.filter(name=name)[:2])
        if not people:
            found.brought.fault("承办人", str(_("承办单位没有这名工作人员，请核对姓名，或者留空以后再指定")))
        elif len(people) > 1:
            found.brought.fault("承办人", str(_("有同名的工作人员，请改填登录名")))
        else:
            found.officer = people[0]

    def _course(self, found: Judged) -> None:
        brought = found.brought
        assert brought.received is not None
        assert brought.given is not None
        procedure = procedure_of(self.batch.procedure, on=brought.received)
        found.opening = kept(contents_of(procedure, OPENING), brought.given)
        actor = f"account:{found.officer.pk}" if found.officer else OLD
        course = reading.course_of(brought, procedure, found.opening, actor)
        reading.check_state(brought, course)
        if not brought.faults:
            try:
                course.clocks(calendar())
            except (KeyError, ValueError, TypeError):
                brought.fault("现在状态", str(_("缺少计算期限要用的内容，请补填环节日期旁边的各列")))
        found.course = course


def judged(batch: Batch) -> Iterator[Judged]:
    procedure = procedure_of(batch.procedure, on=clock.today())
    with files.open_kept(batch.file) as content:
        lines = reading.rows_under(grid_of(content, batch.filename))
        first = next(lines, None)
        if first is None:
            raise Refused("takeover.empty", _("文件里没有内容。"))
        table, judge = reading.Table(procedure, first[1]), Judge(batch)
        for line, row in lines:
            yield judge.judge(table.read(line, row))
