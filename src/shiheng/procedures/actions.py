"""Writing a file: opening it, taking a step, giving it to somebody, taking a step back; each once under its key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Account
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.queries import calendar, calendar_version
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.procedures import bonds, numbering, queries
from shiheng.procedures.approvals.queries import must_go_up
from shiheng.procedures.contents import CONTACT, contents_of, procedure_of
from shiheng.procedures.course import Course, Objection
from shiheng.procedures.course import Passage as Said
from shiheng.procedures.definition import LACKING, OPENING, PartyKind, Procedure, Step
from shiheng.procedures.evidence import queries as evidence
from shiheng.procedures.exchange import queries as orders
from shiheng.procedures.models import Clock, Link, Party, Passage, Proceeding
from shiheng.procedures.paper_actions import make_paper, withdraw_paper
from shiheng.procedures.rules import Catalogue
from shiheng.procedures.serving import confirm_address, serve_paper
from shiheng.registers.contents import checked, claim_keys, kept, opened
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Subject

kinds.declare(
    file_opened="登记案卷",
    file_step="办理环节",
    file_assigned="指定承办人",
    file_voided="撤回环节",
    file_linked="关联案卷",
)
REASON_MOST = 500

__all__ = [
    "Standing",
    "assign",
    "confirm_address",
    "link",
    "make_paper",
    "open_file",
    "resettle",
    "serve_paper",
    "settle",
    "take",
    "take_approved",
    "told_for",
    "void",
    "withdraw_paper",
]


@dataclass(frozen=True, slots=True)
class Standing:
    """A party to be put into a file: its kind and name, what is known of it, the business it is."""

    kind: str
    name: str
    facts: Mapping[str, str] = field(default_factory=dict)
    subject: int | None = None


def open_file(
    who: Who,
    code: str,
    facts: Mapping[str, Any],
    *,
    parties: Sequence[Standing] = (),
    subject: int | None = None,
    day: date | None = None,
    scope: str = "",
    about: int | None = None,
    key: UUID | None = None,
) -> Proceeding:
    """Open a file under the procedure in force on the day it was received.

    ``about`` is the earlier file it is opened from: they are bound as the procedure says, and who stands in both is
    known in both. Raises ``Forbidden`` to whoever does not open such files there, ``Refused`` for contents its model
    does not take.
    """
    day = _happened(day)
    procedure = procedure_of(code, on=day)
    earlier = bonds.earlier_of(who, procedure, about)
    firm = _subject(subject or (earlier.subject_id if earlier else None))
    scope = scope or (firm.scope if firm else "") or next(iter(sorted(who.paths(May.HANDLE_FILES))), "")
    if not queries.may_open(who, procedure, scope):
        raise Forbidden("file.opener", _("您的岗位不能在该辖区登记“%(title)s”。") % {"title": procedure.title})
    contents = contents_of(procedure, OPENING)
    stored = kept(contents, checked(contents, facts))
    standing = [_standing(procedure, given, earlier) for given in parties]
    payload = {"procedure": code, "facts": {k: str(v) for k, v in facts.items()}, "day": day.isoformat(),
               "subject": subject, "scope": scope, "parties": [(p.kind, p.name) for p in parties]}  # fmt: skip
    payload |= {"about": about} if about else {}

    def do() -> dict[str, Any]:
        now = clock.now()
        title = str(opened(contents, stored).get(procedure.title_from, "")) if procedure.title_from else ""
        made = Proceeding.objects.create(
            procedure=code, version=procedure.in_force_from, title=(title or (firm.name if firm else ""))[:300],
            number=numbering.number(procedure.series or procedure.title + "〔{year}〕{n}号", scope, day),
            subject=firm, scope=scope, officer_id=who.account_id, officer_name=who.name if who.account_id else "",
            state=procedure.first, received_on=day, opened_at=now, facts=stored, changed_at=now,
        )  # fmt: skip
        for number, (kind, given) in enumerate(standing, start=1):
            Party.objects.create(
                proceeding=made, number=number, kind=kind.code, name=given.name[:300], subject_id=given.subject,
                facts=_sealed(given.facts), state=kind.states[0].code if kind.states else "",
            )  # fmt: skip
        claim_keys(stored, *made.parties.values_list("facts", flat=True))
        said = Said(1, OPENING, day, now, who.key, facts=stored)
        _write(who, made, Course(procedure, (), queries.course_of(made, []).parties), said, reason="")
        if earlier:
            bonds.bind(who, procedure, earlier, made)
        ledger.record(
            "file.opened", subject=f"file:{made.pk}", who=who, scope=scope,
            facts={"procedure": code, "number": made.number, "received": day.isoformat()},
        )  # fmt: skip
        return {"file": made.pk}

    result, _done = once(who, key=key, action="procedures.open", payload=payload, do=do)
    return Proceeding.objects.get(pk=result["file"])


def _standing(procedure: Procedure, given: Standing, earlier: Proceeding | None) -> tuple[PartyKind, Standing]:
    kind = procedure.party(given.kind)
    if kind is None:
        raise Refused("file.party", _("“%(title)s”没有这种当事人。") % {"title": procedure.title})
    if not given.name.strip():
        raise Refused("file.party", _("请填写%(kind)s的名称。") % {"kind": kind.title}, field=f"party_{kind.code}")
    if earlier and not any(given.facts.values()):
        given = replace(given, facts=bonds.contact(earlier, given.name))
    return kind, given


def _sealed(facts: Mapping[str, str]) -> dict[str, str]:
    """What is known of a party, each of it sealed: identity and contact are personal always."""
    key = keyring.current()
    return {name: sealing.seal(value, key, name) for name, value in facts.items() if value}


def _subject(number: int | None) -> Subject | None:
    if number is None:
        return None
    firm = subjects.identities().only("id", "name", "scope").filter(pk=subjects.survivor_of(number)).first()
    if firm is None:
        raise Refused("file.subject", _("没有这个主体，请重新选择。"), field="subject")
    return firm


def _happened(day: date | None) -> date:
    today = clock.today()
    if day is not None and day > today:
        raise Refused("file.day", _("发生日期不能晚于今天。"), field="day")
    return day or today


def take(
    who: Who,
    number: int,
    step: str,
    facts: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    officers: Sequence[str] = (),
    party: int | None = None,
    reason: str = "",
    turn: int | None = None,
    key: UUID | None = None,
) -> Proceeding:
    """Take one step in a file.

    ``day`` is when it happened (today), ``officers`` who was there beside the taker, ``party`` for whom it is taken,
    ``turn`` the file as its reader saw it. Raises ``Refused`` with the objection and its article, ``Conflict`` where
    somebody was first.
    """
    found = queries.find(who, number)
    procedure = queries.version_of(found.procedure, found.version)
    held = procedure.step(step)
    if held is None:
        raise Missing("step.unknown", _("这个程序没有这个环节。"))
    day, given = _happened(day), dict(facts or {})
    if must_go_up(found.procedure, step, on=clock.today()):
        raise Refused("step.chain", _("本局规定“%(title)s”须逐级审批，请先呈批。") % {"title": held.title})
    payload = {"file": number, "step": step, "day": day.isoformat(), "facts": {k: str(v) for k, v in given.items()},
               "party": party, "officers": list(officers)}  # fmt: skip

    def do() -> dict[str, Any]:
        _take(who, number, held, given, day=day, officers=officers, party=party, reason=_short(reason), turn=turn)
        return {"file": number}

    once(who, key=key, action=f"procedures.take.{step}", payload=payload, do=do)
    return Proceeding.objects.get(pk=number)


def take_approved(
    who: Who, number: int, step: str, facts: Mapping[str, Any], *, officers: Sequence[str], party: int | None,
    reason: str,
) -> int:  # fmt: skip
    """Take a step as its chain approved it, in the caller's transaction; the number of its passage."""
    held = queries.version_of((found := queries.find(who, number)).procedure, found.version).step(step)
    if held is None:
        raise Missing("step.unknown", _("这个程序没有这个环节。"))
    day = clock.today()
    return _take(who, number, held, facts, day=day, officers=officers, party=party, reason=_short(reason), turn=None)


def told_for(
    found: Proceeding, step: Step, given: Mapping[str, Any], *, officers: Sequence[str], party: int | None
) -> dict[str, Any]:
    """What a step would be taken with today, as it is stored. Raises ``Refused`` with what stands against it whoever
    took it.
    """
    course = queries.course_of(found)
    contents = contents_of(course.procedure, step.code)
    stored = kept(contents, checked(contents, given))
    told = course.objections(
        step, party=course.next_party if step.adds else party, facts=stored, officers=officers, day=clock.today(),
        calendar=calendar(), rules=Catalogue(),
    )  # fmt: skip
    if step.of_party and party is None:
        raise Refused("step.party", _("请选择为哪一方办理。"), field="party")
    if told:
        raise refusal(told)
    return stored


def _take(
    who: Who, number: int, step: Step, given: Mapping[str, Any], *, day: date, officers: Sequence[str],
    party: int | None, reason: str, turn: int | None,
) -> int:  # fmt: skip
    found = queries.find(who, number)
    if turn is not None and turn != found.turn:
        raise Conflict("file.moved", _("有人刚刚办理过这个案卷。请刷新页面，看过最新情况后再办理。"))
    if not queries.may_take(who, step, found.scope):
        raise Forbidden("step.post", _("您的岗位不能办理“%(title)s”。请交负责的岗位办理。") % {"title": step.title})
    course = queries.course_of(found)
    contents = contents_of(course.procedure, step.code)
    stored = kept(contents, checked(contents, given))
    claim_keys(stored)
    party = course.next_party if step.adds else party
    known = {**stored, LACKING: evidence.missing_in(found, course)} if step.guards else stored
    _check(course, step, who, day=day, officers=officers, party=party, facts=known, reason=reason, scope=found.scope)
    said = Said(
        len(course.passages) + 1, step.code, day, clock.now(), who.key, tuple(officers), stored, party
    )  # fmt: skip
    _write(who, found, course, said, reason=reason)
    if step.adds:
        _add(found, course.after(said), said, given)
    ledger.record(
        "file.step", subject=f"file:{number}", who=who, scope=found.scope,
        facts={"number": found.number, "step": step.code, "passage": said.number, "day": day.isoformat(),
               "party": party, "officers": list(officers)},
    )  # fmt: skip
    return said.number


def _add(found: Proceeding, course: Course, said: Said, given: Mapping[str, Any]) -> None:
    """The party a step puts into the file, as the step's contents call it; after the file moved, as ``_write`` says."""
    kind = next(party.kind for party in course.standing if party.added == said.number)
    contact = {name: str(given[name]) for name in CONTACT if given.get(name)}
    firm = _subject(subjects.by_key(str(given["subject"]))) if given.get("subject") else None
    Party.objects.create(
        proceeding=found, number=said.party or 0, kind=kind, name=str(given["name"])[:300], subject=firm,
        facts=_sealed(contact), added=said.number, state=course.party_state(said.party or 0),
    )  # fmt: skip


def _check(
    course: Course, step: Step, who: Who, *, day: date, officers: Sequence[str], party: int | None,
    facts: Mapping[str, Any], reason: str, scope: str,
) -> None:  # fmt: skip
    if step.of_party and party is None:
        raise Refused("step.party", _("请选择为哪一方办理。"), field="party")
    if officers and set(officers) - queries.officer_keys(scope):
        raise Refused("step.officers", _("在场人员须是承办单位的工作人员，请重新选择。"), field="officers")
    told = course.objections(
        step,
        actor=who.key,
        party=party,
        facts=facts,
        officers=officers,
        day=day,
        calendar=calendar(),
        rules=Catalogue(),
    )
    if told:
        raise refusal(told)
    if (latest := course.latest_day()) and day < latest:
        raise Refused(
            "step.before", _("发生日期不能早于上一环节的 %(day)s。") % {"day": latest.isoformat()}, field="day"
        )
    if day < clock.today() and not reason:
        raise Refused("step.late", _("补录以前发生的环节，请写明为什么当日没有记入。"), field="reason")


def refusal(told: Sequence[Objection]) -> Refused:
    """The objections to a step as one refusal, articles named."""
    words = [one.why + (f"（{one.guard.basis}）" if one.guard and one.guard.basis else "") for one in told]
    field = told[0].code if told[0].code in {"officers", "party"} else ""
    return Refused(f"step.{told[0].code}", "；".join(word.rstrip("。") for word in words) + "。", field=field)


def _short(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > REASON_MOST:
        raise Refused("file.reason", _("说明最多 %(most)s 个字。") % {"most": REASON_MOST}, field="reason")
    return reason


def _write(who: Who, found: Proceeding, course: Course, said: Said, *, reason: str) -> None:
    """Bring the file to where it will stand, and put the passage down.

    The file moves first: of two who step at once the later then waits and is told, before a row is in its way.
    """
    _settle(found, course.after(said))
    Passage.objects.create(
        proceeding=found,
        number=said.number,
        step=said.step,
        day=said.day,
        at=said.at,
        account_id=who.account_id,
        actor=said.actor,
        by=who.name,
        officers=list(said.officers),
        party=said.party,
        facts=dict(said.facts),
        reason=reason,
    )


def _settle(found: Proceeding, course: Course) -> None:
    """What follows from the passages: the file's columns, its clocks, where each party stands."""
    clocks = course.clocks(calendar())
    open_ = [c for c in clocks if c.running and not c.limit.of_party] if not course.ended else []
    # What falls due first; where nothing does, a clock that stands still.
    first = min(open_, key=lambda c: (c.waiting, c.receipt.due_day or date.max), default=None)
    due, limit = (first.receipt.due_day, first.limit.code) if first else (None, "")
    # The platform a matter came from wants its reply by a day of its own, beside those of the law.
    owed = None if course.ended else orders.due_of(found.pk)
    if owed and (due is None or owed < due):
        due, limit = owed, orders.LIMIT
    last = course.live[-1] if course.live else None
    moved = Proceeding.objects.filter(pk=found.pk, turn=found.turn).update(
        state=course.state, ended=course.ended, ended_on=last.day if course.ended and last else None,
        due=due, due_limit=limit,
        facts=course.facts, changed_at=clock.now(), turn=found.turn + 1,
    )  # fmt: skip
    if moved != 1:
        raise Conflict("file.moved", _("有人刚刚办理过这个案卷。请刷新页面，看过最新情况后再办理。"))
    found.turn += 1
    Clock.objects.filter(proceeding=found).delete()
    Clock.objects.bulk_create(
        Clock(proceeding=found, **{**columns, "running": columns["running"] and not course.ended})
        for columns in map(queries.clock_columns, clocks)
    )
    there = {party.number for party in course.standing}
    for party in found.parties.all():
        state, gone = course.party_state(party.number), party.number not in there
        if (state, gone) != (party.state, party.gone):
            Party.objects.filter(pk=party.pk).update(state=state, gone=gone)


def settle(found: Proceeding) -> None:
    """Write anew what follows from a file's passages and what it owes its platform, in the caller's transaction."""
    found.refresh_from_db()
    _settle(found, queries.course_of(found))


def resettle(progress: Callable[[int, int], None] | None = None) -> list[tuple[int, date | None, date | None]]:
    """Reckon anew the clocks of open files after a calendar was loaded; (file, due before, due now) of those it moved.

    Nothing is decided by it: a file stands where it stood, only its days are others. A file that somebody writes to
    meanwhile is reckoned by that writing.
    """
    state, moved = calendar_version()[2], []
    numbers = list(Proceeding.objects.filter(ended=False).exclude(calendar=state).values_list("pk", flat=True))
    for done, number in enumerate(numbers, start=1):
        found = Proceeding.objects.get(pk=number)
        before = found.due
        try:
            with transaction.atomic():
                _settle(found, queries.course_of(found))
        except Conflict:
            continue
        found.refresh_from_db()
        if found.due != before:
            moved.append((number, before, found.due))
        if progress:
            progress(done, len(numbers))
    return moved


def assign(who: Who, numbers: Sequence[int], account: int, *, reason: str, key: UUID | None = None) -> int:
    """Give files to an officer; how many changed hands. Nobody's are given to someone who has no post there."""
    to = Account.objects.filter(pk=account, kind="officer", disabled_at=None).first()
    if to is None:
        raise Refused("file.officer", _("没有这名工作人员，请重新选择。"), field="officer")

    def do() -> dict[str, Any]:
        moved = 0
        for number in sorted(set(numbers)):
            found = queries.find(who, number)
            own = found.officer_id is None and to.pk == who.account_id and who.may(May.HANDLE_FILES, found.scope)
            if not own and not queries.may_assign(who, found.scope):
                raise Forbidden("file.assign", _("您的岗位不能指定这个案卷的承办人。"))
            if not queries.officers_at(found.scope).filter(pk=to.pk).exists():
                told = {"name": to.name, "number": found.number}
                raise Refused("file.officer", _("%(name)s在案卷 %(number)s 的承办单位没有岗位。") % told)
            if found.officer_id == to.pk:
                continue
            before = found.officer_name
            Proceeding.objects.filter(pk=found.pk).update(officer=to, officer_name=to.name)
            ledger.record(
                "file.assigned", subject=f"file:{found.pk}", who=who, scope=found.scope,
                facts={"number": found.number, "from": before, "to": to.name, "reason": _short(reason)},
            )  # fmt: skip
            moved += 1
        return {"moved": moved}

    payload = {"files": sorted(set(numbers)), "to": account}
    return int(once(who, key=key, action="procedures.assign", payload=payload, do=do)[0]["moved"])


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
        _settle(found, course.without(passage))
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
    if step := course.served_since(said.number):
        raise Refused("void.served", _("“%(title)s”以后文书已经送达，不能撤回，只能另行更正。") % {"title": step.title})
    if rests := course.without(said.number).broken(calendar(), Catalogue()):
        held = course.procedure.step(rests.step)
        title = held.title if held else rests.step
        raise Refused("void.rests", _("后面的“%(title)s”以它为前提，请先撤回后面的环节。") % {"title": title})


def link(who: Who, first: int, second: int, kind: str) -> None:
    """Bind two files the reader may both see."""
    one, other = queries.find(who, first), queries.find(who, second)
    if kind not in Link.KINDS or one.pk == other.pk:
        raise Refused("link.kind", _("不能这样关联。"))
    bonds.write(who, one, other, kind)
