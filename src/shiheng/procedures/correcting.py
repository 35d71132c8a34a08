"""What was entered wrongly: taken back or put right by a second person, until it was served; afterwards only with a
correcting document. What it said before stays beside what it says now, and every clock is reckoned anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import queries
from shiheng.procedures.actions import send_back
from shiheng.procedures.contents import contents_of, procedure_of
from shiheng.procedures.course import Course
from shiheng.procedures.course import Passage as Said
from shiheng.procedures.definition import OPENING
from shiheng.procedures.flowing import actions as flowing
from shiheng.procedures.models import Correction, Paper, Passage, Proceeding
from shiheng.procedures.moves.queries import RECEIPT, calendar, rule_of
from shiheng.procedures.rules import Catalogue
from shiheng.procedures.settling import settle
from shiheng.registers.contents import checked, claim_keys, kept, opened, same

kinds.declare(file_voided="撤回环节", file_corrected="更正环节")
REASON_MOST = 500
FORM = "correction"
"""What the forms that correct a document are called, whatever line they are of."""


def void(who: Who, number: int, passage: int, *, reason: str, key: UUID | None = None) -> Proceeding:
    """Take a step back that was taken by mistake, as if it had never been taken; a second person does it.

    Refused once what it led to was served, and where later steps rest on it.
    """
    reason = _short(reason)
    if not reason:
        raise Refused("void.reason", _("请写明撤回的理由。"), field="reason")

    def do() -> dict[str, Any]:
        found = queries.find(who, number)
        course = queries.course_of(found)
        said = next((p for p in course.live if p.number == passage), None)
        if said is None:
            raise Missing("void.unknown", _("没有这条办理记录，或它已经撤回。"))
        _check_void(who, found, course, said)
        moved = Passage.objects.filter(proceeding=found, number=passage, voided_at=None).update(
            voided_at=clock.now(), voided_by=who.name, voided_why=reason
        )
        if moved != 1:
            raise Conflict("file.moved", _("有人刚刚办理过这个案卷。请刷新页面，看过最新情况后再办理。"))
        settle(found, course.without(passage))
        if step := course.procedure.step(said.step):
            taken_back = f"已撤回：{step.title}"  # not shown: a fact of the earlier file
            send_back(found, course.procedure, said, taken_back)
            flowing.bring(who, found, queries.course_of(found), taken_back)
        ledger.record(
            "file.voided", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"number": found.number, "passage": passage, "step": said.step, "reason": reason},
        )  # fmt: skip
        return {"file": number}

    payload = {"file": number, "passage": passage}
    once(who, key=key, action="procedures.void", payload=payload, do=do)
    return Proceeding.objects.get(pk=number)


def _check_void(who: Who, found: Proceeding, course: Course, said: Said) -> None:
    if said.step == OPENING:
        raise Refused("void.opening", _("登记不能撤回；登记有误的，按不予受理或者终止办理。"))
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Forbidden("void.post", _("您的岗位不能撤回这个案卷的环节。"))
    if who.key == said.actor:
        raise Refused("void.self", _("自己办理的环节须由另一名工作人员撤回。"))
    if title := served(found, course, said):
        raise Refused("void.served", _("“%(title)s”以后文书已经送达，不能撤回，只能另行更正。") % {"title": title})
    if rests := course.without(said.number).broken(calendar(), Catalogue()):
        held = course.procedure.step(rests.step)
        title = held.title if held else rests.step
        raise Refused("void.rests", _("后面的“%(title)s”以它为前提，请先撤回后面的环节。") % {"title": title})


def correct(
    who: Who, number: int, passage: int, facts: Mapping[str, Any], *, day: date | None = None, reason: str,
    paper: int | None = None, key: UUID | None = None,
) -> Proceeding:  # fmt: skip
    """Put right what a step said, or on which day it happened; a second person does it.

    ``facts`` are its contents as they ought to be. Once it was served, ``paper`` is the correcting document that was
    served of it. Refused where the file would no longer follow.
    """
    reason = _short(reason)
    if not reason:
        raise Refused("correct.reason", _("请写明更正的理由。"), field="reason")

    def do() -> dict[str, Any]:
        found = queries.find(who, number)
        course = queries.course_of(found)
        said = next((p for p in course.live if p.number == passage), None)
        if said is None:
            raise Missing("void.unknown", _("没有这条办理记录，或它已经撤回。"))
        if not who.may(May.HANDLE_FILES, found.scope):
            raise Forbidden("correct.post", _("您的岗位不能更正这个案卷的环节。"))
        if who.key == said.actor:
            raise Refused("correct.self", _("自己办理的环节须由另一名工作人员更正。"))
        document = _document(found, course, said, paper)
        contents = contents_of(course.procedure, said.step)
        stored = kept(contents, checked(contents, facts))
        stored = {n: said.facts[n] if n in said.facts and same(said.facts[n], v) else v for n, v in stored.items()}
        claim_keys(stored)
        fresh = _corrected(found, course, replace(said, facts=stored, day=day or said.day))
        changed = sorted(n for n in {*stored, *said.facts} if stored.get(n) != said.facts.get(n))
        if not changed and (day or said.day) == said.day:
            raise Refused("correct.same", _("没有改动任何内容。"))
        row = Passage.objects.get(proceeding=found, number=passage)
        Correction.objects.create(
            proceeding=found, passage=row, facts=dict(said.facts), day=said.day, at=clock.now(), by=who.name,
            actor=who.key, why=reason, paper=document,
        )  # fmt: skip
        settle(found, fresh)
        Passage.objects.filter(pk=row.pk).update(facts=stored, day=day or said.day)
        if said.step == OPENING:
            _reopened(found, fresh)
        ledger.record(
            "file.corrected", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"number": found.number, "passage": passage, "step": said.step, "changed": changed,
                   "day_before": said.day.isoformat(), "day": (day or said.day).isoformat(), "reason": reason,
                   "paper": document.number if document else ""},
        )  # fmt: skip
        return {"file": number}

    payload = {"file": number, "passage": passage, "facts": {k: str(v) for k, v in facts.items()}, "day": str(day),
               "paper": paper, "reason": reason}  # fmt: skip
    once(who, key=key, action="procedures.correct", payload=payload, do=do)
    return Proceeding.objects.get(pk=number)


def _corrected(found: Proceeding, course: Course, said: Said) -> Course:
    """The course with that passage as it ought to be; refused where something else does not follow from it."""
    if said.day > clock.today():
        raise Refused("file.day", _("发生日期不能晚于今天。"), field="day")
    procedure = course.procedure
    if said.step == OPENING and rule_of(found.procedure) == RECEIPT:
        procedure = procedure_of(found.procedure, on=said.day)
    passages = tuple(said if held.number == said.number else held for held in course.passages)
    fresh = replace(course, procedure=procedure, passages=passages)
    moving = [p for p in fresh.live if p.step == OPENING or ((s := procedure.step(p.step)) and s.to)]
    if any(later.day < earlier.day for earlier, later in pairwise(moving)):
        raise Refused("correct.day", _("更正后的日期与前后环节的先后不符，请核对。"), field="day")
    if rests := fresh.broken(calendar(), Catalogue()):
        held = procedure.step(rests.step)
        title = held.title if held else rests.step
        raise Refused("correct.rests", _("更正以后，“%(title)s”就不符合条件了，请先撤回它。") % {"title": title})
    return fresh


def _reopened(found: Proceeding, course: Course) -> None:
    """The columns that say what the opening said."""
    first = course.opened
    if first is None:
        return
    told = opened(contents_of(course.procedure, OPENING), first.facts)
    title = str(told.get(course.procedure.title_from) or "") if course.procedure.title_from else ""
    Proceeding.objects.filter(pk=found.pk).update(received_on=first.day, title=(title or found.title)[:300])


def served(found: Proceeding, course: Course, said: Said) -> str:
    """What was served that rests on a passage: the title of a step or a document; empty where nothing was."""
    if step := course.served_since(said.number):
        return step.title
    step = course.procedure.step(said.step)
    forms = [f"{found.procedure.partition('.')[0]}.{name}" for name in (step.documents if step else ())]
    row = found.passages.get(number=said.number)
    papers = Paper.objects.filter(proceeding=found, form__in=forms, made_at__gte=row.at, withdrawn_on=None)
    held = papers.exclude(served_on=None).first()
    return held.title if held else ""


def correcting_papers(found: Proceeding) -> list[Paper]:
    """The correcting documents of a file that were served and put nothing right yet."""
    used = Correction.objects.filter(proceeding=found).exclude(paper=None).values("paper")
    rows = Paper.objects.filter(proceeding=found, form__endswith=f".{FORM}", withdrawn_on=None).exclude(served_on=None)
    return list(rows.exclude(pk__in=used).order_by("pk"))


def _document(found: Proceeding, course: Course, said: Said, paper: int | None) -> Paper | None:
    title = served(found, course, said)
    if not title:
        return None
    held = next((row for row in correcting_papers(found) if row.pk == paper), None)
    if held is None:
        told = _("“%(title)s”的文书已经送达，只能凭更正文书更正：请先制作并送达更正书，再在这里选择它。")
        raise Refused("correct.served", told % {"title": title}, field="paper")
    return held


def _short(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > REASON_MOST:
        raise Refused("file.reason", _("说明最多 %(most)s 个字。") % {"most": REASON_MOST}, field="reason")
    return reason
