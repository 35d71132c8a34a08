"""Writing a file: opening it, taking a step, giving it to somebody, taking a step back; each once under its key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from shiheng.accounts import outbox
from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.procedures import bonds, competence, numbering, queries, served
from shiheng.procedures.approvals.queries import must_go_up
from shiheng.procedures.contents import CONTACT, contents_of, procedure_of
from shiheng.procedures.course import Course, Objection
from shiheng.procedures.course import Passage as Said
from shiheng.procedures.definition import LACKING, OPENING, PartyKind, Procedure, Step
from shiheng.procedures.evidence import carrying
from shiheng.procedures.evidence import queries as evidence
from shiheng.procedures.flowing import actions as flowing
from shiheng.procedures.measures import actions as measures
from shiheng.procedures.models import Link, Party, Passage, Proceeding
from shiheng.procedures.moves.queries import calendar, version_at
from shiheng.procedures.paper_actions import make_paper, withdraw_paper
from shiheng.procedures.rules import Catalogue
from shiheng.procedures.serving import confirm_address, serve_paper
from shiheng.procedures.settling import settle
from shiheng.procedures.triage import sketches
from shiheng.registers.contents import checked, claim_keys, kept, opened
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Subject

kinds.declare(
    file_opened="登记案卷",
    file_step="办理环节",
    file_linked="关联案卷",
)
REASON_MOST = 500

__all__ = [
    "Standing",
    "confirm_address",
    "link",
    "make_paper",
    "open_file",
    "serve_paper",
    "settle",
    "take",
    "take_approved",
    "told_for",
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
    carried: Sequence[int] = (),
    cleared: bool = False,
    key: UUID | None = None,
) -> Proceeding:
    """Open a file under the procedure in force on the day it was received.

    ``about`` is the earlier file it is opened from: they are bound as the procedure says, and who stands in both is
    known in both; ``carried`` are items of its evidence to be used here (``carrying.carry`` says what ``cleared``
    is). Raises ``Forbidden`` to whoever does not open such files there, ``Refused`` for contents its model
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
    payload: dict[str, Any]
    payload = {"procedure": code, "facts": {k: str(v) for k, v in facts.items()}, "day": day.isoformat(),
               "subject": subject, "scope": scope, "parties": [(p.kind, p.name) for p in parties]}  # fmt: skip
    payload |= {"about": about} if about else {}
    payload |= {"carried": sorted(carried)} if carried else {}
    if earlier and procedure.bond and procedure.bond.carries:
        carrying.check_kept(earlier, *map(str, facts.values()), *(one.name for one in parties))

    def do() -> dict[str, Any]:
        now = clock.now()
        title = str(opened(contents, stored).get(procedure.title_from, "")) if procedure.title_from else ""
        made = Proceeding.objects.create(
            procedure=code, version=procedure.in_force_from, title=(title or (firm.name if firm else ""))[:300],
            number=numbering.number(procedure.series or procedure.title + numbering.PLAIN, scope, day),
            subject=firm, scope=scope, officer_id=who.account_id, officer_name=who.name if who.account_id else "",
            state=procedure.first, received_on=day, opened_at=now, facts=stored, changed_at=now,
        )  # fmt: skip
        for number, (kind, given) in enumerate(standing, start=1):
            Party.objects.create(
                proceeding=made, number=number, kind=kind.code, subject_id=given.subject,
                name=f"{kind.title}{number:02}" if kind.sealed else given.name[:300],
                facts=_sealed({**given.facts, "name": given.name} if kind.sealed else given.facts),
                state=kind.states[0].code if kind.states else "",
            )  # fmt: skip
        claim_keys(stored, *made.parties.values_list("facts", flat=True))
        said = Said(1, OPENING, day, now, who.key, facts=stored)
        _write(who, made, Course(procedure, (), queries.course_of(made, []).parties), said, reason="")
        sketches.keep(made)
        if earlier:
            bonds.bind(who, procedure, earlier, made)
        if carried:
            carrying.carried_in(who, made, carried, cleared=cleared)
        flowing.bring(who, made, queries.course_of(made), procedure.title)
        measures.look(who, made)
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
    told += competence.against(found, course, step, clock.today(), stored)
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
    if fresh := version_at(found, course, step.code, day):
        course = replace(course, procedure=fresh)
        step = fresh.step(step.code) or step
    contents = contents_of(course.procedure, step.code)
    stored = kept(contents, checked(contents, given))
    if told := competence.against(found, course, step, day, stored):
        raise refusal(told)
    claim_keys(stored)
    party = course.next_party if step.adds else party
    known = {**stored, LACKING: evidence.missing_in(found, course)} if step.guards else stored
    _check(course, step, who, day=day, officers=officers, party=party, facts=known, reason=reason, scope=found.scope)
    measures.check(who, found, step.code)
    said = Said(
        len(course.passages) + 1, step.code, day, clock.now(), who.key, tuple(officers), stored, party
    )  # fmt: skip
    _write(who, found, course, said, reason=reason)
    if step.adds:
        _add(found, course.after(said), said, given)
    served.by_step(who, found, step, stored, party, day)
    send_back(found, course.procedure, said, step.title)
    flowing.bring(who, found, queries.course_of(found), step.title)
    ledger.record(
        "file.step", subject=f"file:{number}", who=who, scope=found.scope,
        facts={"number": found.number, "step": step.code, "passage": said.number, "day": day.isoformat(),
               "party": party, "officers": list(officers)},
    )  # fmt: skip
    return said.number


def send_back(found: Proceeding, procedure: Procedure, said: Said, outcome: str) -> None:
    """Tell the files this one was opened from how far it came, by a step the house takes there; nothing of a person."""
    bond = procedure.bond
    back = bond.told_by(said.step) if bond else ""
    if bond is None or not back:
        return
    links = Link.objects.filter(second=found, kind=bond.kind).select_related("first").order_by("first")
    for earlier in (link.first for link in links):
        course = queries.course_of(earlier)
        step = course.procedure.step(back)
        if step is None or not step.by_house or step not in course.procedure.steps_from(course.state):
            continue
        told = {"case": found.number, "outcome": outcome, "on": said.day.isoformat()}
        stored = kept(contents := contents_of(course.procedure, step.code), checked(contents, told))
        party = _same(found, earlier, step.of_party) if step.of_party else None
        news = Said(len(course.passages) + 1, step.code, clock.today(), clock.now(), SYSTEM.key, (), stored, party)
        _write(SYSTEM, earlier, course, news, reason="")
        ledger.record(
            "file.step", subject=f"file:{earlier.pk}", who=SYSTEM, scope=earlier.scope,
            facts={"number": earlier.number, "step": step.code, "passage": news.number, "from": found.number},
        )  # fmt: skip


def _same(found: Proceeding, earlier: Proceeding, kind: str) -> int | None:
    """Who of an earlier file this one is for: the business both name, else whoever stands first."""
    rows = earlier.parties.filter(kind=kind, gone=False).order_by("number")
    own = rows.filter(subject__in=found.parties.filter(gone=False).values("subject"))
    whose = own.first() or rows.first()
    return whose.number if whose else None


def _add(found: Proceeding, course: Course, said: Said, given: Mapping[str, Any]) -> None:
    """The party a step puts into the file, as the step's contents call it; after the file moved, as ``_write`` says."""
    kind = next(party.kind for party in course.standing if party.added == said.number)
    contact = {name: str(given[name]) for name in CONTACT if given.get(name)}
    firm = _subject(subjects.by_key(str(given["subject"]))) if given.get("subject") else None
    Party.objects.create(
        proceeding=found, number=said.party or 0, kind=kind, name=str(given["name"])[:300], subject=firm,
        facts=_sealed(contact), added=said.number, state=course.party_state(said.party or 0),
    )  # fmt: skip
    if firm is not None and any(step.by_public and step.of_party == kind for step in course.procedure.steps):
        _tell_owners(found, firm, said)


def _tell_owners(found: Proceeding, firm: Subject, said: Said) -> None:
    """Whoever stands for a business learns that something in a file waits for it."""
    for account in subjects.accounts_of(firm.pk):
        outbox.tell(
            account, _("需要您办理：%(title)s") % {"title": found.title},
            _("%(number)s，请在企业端“我的信用”中办理。") % {"number": found.number},
            link=f"/enterprise/credit/files/{found.pk}/",
            key=uuid5(NAMESPACE_URL, f"party:{found.pk}:{said.party}:{account.pk}"),
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
    words = [one.why + (f"（{one.basis}）" if one.basis else "") for one in told]
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
    settle(found, course.after(said))
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


def settle_anew(found: Proceeding) -> None:
    """Write anew what follows from a file's passages and what it owes its platform, in the caller's transaction."""
    found.refresh_from_db()
    settle(found, queries.course_of(found))


def link(who: Who, first: int, second: int, kind: str) -> None:
    """Bind two files the reader may both see."""
    one, other = queries.find(who, first), queries.find(who, second)
    if kind not in Link.KINDS or one.pk == other.pk:
        raise Refused("link.kind", _("不能这样关联。"))
    bonds.write(who, one, other, kind)
