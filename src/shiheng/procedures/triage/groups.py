"""Equal letters handled together: forming a group, joining, leaving, one act for all with a passage in each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Problem, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import actions, bonds, queries
from shiheng.procedures.definition import Step
from shiheng.procedures.models import Group, GroupStep, Link, Member, Proceeding, Sketch
from shiheng.procedures.triage.declared import letter_of

kinds.declare(group_formed="并案调解", group_joined="并入并案", group_left="退出并案", group_step="并案办理环节")
LEAST = 2
MOST = 200
KIND = "group"


@dataclass(frozen=True, slots=True)
class Able:
    """A member with whether the step can be taken in its file now, and why not."""

    file: Proceeding
    why: str = ""


def visible_to(who: Who) -> "QuerySet[Group]":
    """The groups of the territory over which ``who`` reads files."""
    return Group.objects.filter(within(who.paths(May.READ_FILES))).order_by("-formed_at", "-pk")


def find(who: Who, number: int) -> Group:
    """One group, or ``Missing``."""
    found = visible_to(who).filter(pk=number).first()
    if found is None:
        raise Missing("group.unknown", _("没有这个并案，或它不在您的管辖范围内。"))
    return found


def members(group: Group, *, left: bool = False) -> list[Member]:
    """Who stands in a group now, or who left it."""
    rows = Member.objects.filter(group=group).select_related("proceeding").order_by("joined_at", "proceeding")
    return list(rows.exclude(left_at=None) if left else rows.filter(left_at=None))


def of_file(found: Proceeding) -> Group | None:
    """The group a file stands in now."""
    row = Member.objects.filter(proceeding=found, left_at=None).select_related("group").first()
    return row.group if row else None


def form(who: Who, numbers: Sequence[int], *, title: str = "", key: UUID | None = None) -> Group:
    """Put open letters against one business into a group. Raises ``Refused`` where they do not belong together."""
    chosen = sorted(set(numbers))

    def do() -> dict[str, Any]:
        rows = [_handled(who, number) for number in chosen]
        _check_together(rows)
        first = rows[0]
        sketch = Sketch.objects.filter(proceeding=first).first()
        name = title.strip() or _("%(name)s同类投诉") % {"name": sketch.against_name if sketch else first.title}
        group = Group.objects.create(
            scope=_common([row.scope for row in rows]), procedure=first.procedure, title=name[:200],
            against=sketch.against if sketch else "", formed_at=clock.now(), formed_by=who.name,
        )  # fmt: skip
        ledger.record(
            "group.formed", subject=f"group:{group.pk}", who=who, scope=group.scope,
            facts={"title": group.title, "files": [row.number for row in rows]},
        )  # fmt: skip
        for row in rows:
            _join(who, group, row)
        _bind(who, group)
        return {"group": group.pk}

    payload = {"files": chosen, "title": title}
    result, _done = once(who, key=key, action="triage.group", payload=payload, do=do)
    return Group.objects.get(pk=result["group"])


def join(who: Who, number: int, file: int, *, key: UUID | None = None) -> Group:
    """Put one more letter into a group."""

    def do() -> dict[str, Any]:
        group, row = find(who, number), _handled(who, file)
        _check_together([*(one.proceeding for one in members(group)), row])
        _join(who, group, row)
        _bind(who, group)
        return {"group": group.pk}

    once(who, key=key, action="triage.join", payload={"group": number, "file": file}, do=do)
    return Group.objects.get(pk=number)


def leave(who: Who, number: int, file: int, *, why: str, key: UUID | None = None) -> Group:
    """Take a letter out of a group: it goes on by itself. What was done in it for all stays in its file."""
    why = " ".join(why.split())
    if not why:
        raise Refused("group.why", _("请写明退出并案的理由。"), field="why")
    if len(why) > actions.REASON_MOST:
        raise Refused("group.why", _("说明最多 %(most)s 个字。") % {"most": actions.REASON_MOST}, field="why")

    def do() -> dict[str, Any]:
        group, row = find(who, number), _handled(who, file)
        done = {"left_at": clock.now(), "left_by": who.name, "left_why": why}
        if Member.objects.filter(group=group, proceeding=row, left_at=None).update(**done) != 1:
            raise Conflict("group.left", _("这件投诉已经不在这个并案里。"))
        Link.objects.filter(kind=KIND, first=row).delete()
        Link.objects.filter(kind=KIND, second=row).delete()
        ledger.record(
            "group.left", subject=f"group:{group.pk}", who=who, scope=group.scope,
            facts={"file": row.number, "why": why},
        )  # fmt: skip
        _bind(who, group)
        return {"group": group.pk}

    once(who, key=key, action="triage.leave", payload={"group": number, "file": file, "why": why}, do=do)
    return Group.objects.get(pk=number)


def steps_of(group: Group) -> list[Step]:
    """The steps that are taken for a whole group in one act."""
    held = letter_of(group.procedure)
    rows = members(group)
    if held is None or not rows:
        return []
    procedure = queries.version_of(rows[0].proceeding.procedure, rows[0].proceeding.version)
    return [step for code in held[1].together if (step := procedure.step(code))]


def able(who: Who, group: Group, code: str) -> list[Able]:
    """Each member with what stands against the step in its file, whatever is told with it."""
    held = calendar()
    found = []
    rows = [member.proceeding for member in members(group)]
    courses = queries.courses_of(rows)
    for row in rows:
        course = courses[row.pk]
        step = course.procedure.step(code)
        if step is None:
            found.append(Able(row, str(_("它的程序没有这个环节。"))))
            continue
        told = course.objections(step, actor=who.key, day=clock.today(), calendar=held)
        blocking = [one.why for one in told if one.guard is None or one.guard.of_file]
        if not queries.may_take(who, step, row.scope):
            blocking.append(str(_("由其他岗位办理。")))
        found.append(Able(row, "；".join(why.rstrip("。") for why in blocking)))
    return found


def take(
    who: Who, number: int, step: str, facts: Mapping[str, Any], files: Sequence[int], *, day: date | None = None,
    reason: str = "", papers: bool = False, key: UUID | None = None,
) -> GroupStep:  # fmt: skip
    """Take one step for those members that are named, all or none: each file has its own passage and its own clock.

    ``papers``: the papers of the step are made in each file at once. Raises ``Refused`` with the file that stands
    against it.
    """
    chosen = sorted(set(files))
    key = key or uuid4()
    group = find(who, number)

    def do() -> dict[str, Any]:
        _check_step(group, step, chosen)
        for file in chosen:
            _take_one(who, file, step, facts, day=day, reason=reason, papers=papers, key=key)
        act = GroupStep.objects.create(
            group=group, step=step, day=day or clock.today(), files=chosen, at=clock.now(), by=who.name
        )
        ledger.record(
            "group.step", subject=f"group:{group.pk}", who=who, scope=group.scope,
            facts={"step": step, "day": act.day.isoformat(), "files": chosen},
        )  # fmt: skip
        return {"act": act.pk}

    payload = {"group": number, "step": step, "files": chosen, "facts": {k: str(v) for k, v in facts.items()},
               "papers": papers}  # fmt: skip
    result, _done = once(who, key=uuid5(key, "group"), action="triage.group_step", payload=payload, do=do)
    return GroupStep.objects.get(pk=result["act"])


def _check_step(group: Group, step: str, chosen: Sequence[int]) -> None:
    if step not in {one.code for one in steps_of(group)}:
        raise Refused("group.step", _("这个环节不能并案办理，请在各个案卷里分别办理。"))
    if not chosen:
        raise Refused("group.files", _("请至少选择一件。"), field="files")
    if outside := set(chosen) - {member.proceeding_id for member in members(group)}:
        told = {"n": len(outside)}
        raise Refused("group.files", _("有 %(n)s 件不在这个并案里，请刷新页面后重新选择。") % told, field="files")


def _take_one(
    who: Who, file: int, step: str, facts: Mapping[str, Any], *, day: date | None, reason: str, papers: bool, key: UUID
) -> None:  # fmt: skip
    try:
        row = actions.take(who, file, step, facts, day=day, reason=reason, key=uuid5(key, f"{file}:{step}"))
        if papers:
            held = queries.version_of(row.procedure, row.version).step(step)
            for form in held.documents if held else ():
                actions.make_paper(who, file, f"{row.procedure.partition('.')[0]}.{form}",
                                   key=uuid5(key, f"{file}:{step}:{form}"))  # fmt: skip
    except Problem as problem:
        if problem.details.get("field"):
            raise  # something in the form itself
        number = Proceeding.objects.values_list("number", flat=True).get(pk=file)
        raise Refused("group.one", f"{number}：{problem}") from None


def _handled(who: Who, number: int) -> Proceeding:
    found = queries.find(who, number)
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Forbidden("group.post", _("您的岗位不办理案卷 %(number)s。") % {"number": found.number})
    return found


def _check_together(rows: Sequence[Proceeding]) -> None:
    if not LEAST <= len(rows) <= MOST:
        raise Refused("group.few", _("并案须有 %(least)s 至 %(most)s 件。") % {"least": LEAST, "most": MOST})
    held = letter_of(rows[0].procedure)
    if held is None or not held[1].together or len({row.procedure for row in rows}) > 1:
        raise Refused("group.kind", _("只有同一种投诉才能并案调解。"))
    against = dict(Sketch.objects.filter(proceeding__in=rows).values_list("proceeding", "against"))
    if len({against.get(row.pk) or f"#{row.pk}" for row in rows}) > 1:
        raise Refused("group.against", _("只有投诉同一商家的才能并案调解。商家登记不一致的，先在案卷里核对主体。"))
    if ended := next((row for row in rows if row.ended), None):
        raise Refused("group.ended", _("%(number)s 已经办结，不能并案。") % {"number": ended.number})


def _join(who: Who, group: Group, row: Proceeding) -> None:
    try:
        with transaction.atomic():
            Member.objects.create(group=group, proceeding=row, joined_at=clock.now(), joined_by=who.name)
    except IntegrityError:
        raise Conflict("group.twice", _("%(number)s 已经在一个并案里。") % {"number": row.number}) from None
    ledger.record("group.joined", subject=f"group:{group.pk}", who=who, scope=group.scope, facts={"file": row.number})


def _bind(who: Who, group: Group) -> None:
    """Each member is bound to the first of them."""
    rows = [member.proceeding for member in members(group)]
    for row in rows[1:]:
        bonds.write(who, rows[0], row, KIND)


def _common(scopes: Sequence[str]) -> str:
    """The office all of them lie under."""
    steps = [scope.rstrip(".").split(".") for scope in scopes]
    held = []
    for at in zip(*steps, strict=False):
        if len(set(at)) > 1:
            break
        held.append(at[0])
    return ".".join(held) + "." if held else scopes[0]
