"""数据异议: a wrong field or record is reported, stands at the desk of the source whose word it is, and is answered.

Whoever reads a subject's page may report, the business itself too; the officers of the territory and the source's
department answer. The days are plain days: counted from the report to the first answer.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shiheng.accounts import outbox
from shiheng.accounts.deeds import once
from shiheng.accounts.jurisdictions import within
from shiheng.accounts.permissions import May, Who
from shiheng.fusion import contacts, outside, sources
from shiheng.fusion.definition import FIELDS
from shiheng.fusion.models import Batch, Dispute, Link
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import keyring, kinds
from shiheng.ledger.files import Kept
from shiheng.subjects import layout
from shiheng.subjects import queries as subjects
from shiheng.subjects.definition import DELETED_STATE, STATES
from shiheng.subjects.models import Record, Subject

kinds.declare(dispute_opened="提出数据异议", dispute_answered="答复数据异议")

OUTCOMES = ("answered", "mended", "refused")
LEAST = 4
ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class Target:
    """What is said to be wrong, as it stands now: a field (``field:address``) or a record (``record:12``)."""

    about: str
    title: str
    shown: str
    digest: str
    source: str
    batch: int | None
    row: int | None
    field: str = ""
    record_kind: str = ""
    record_key: str = ""

    @property
    def personal(self) -> bool:
        """Whether what it should be is somebody's personal data, and so is told by a file only."""
        plan = layout.BY_CODE.get(self.field)
        return plan is not None and plan.mask is not None


@dataclass(frozen=True, slots=True)
class Now:
    """What stands there today beside what was reported: ``state`` is same, changed or gone."""

    state: str
    shown: str = ""
    source: str = ""
    batch: int | None = None
    row: int | None = None


# -- who may


def visible_to(who: Who) -> "QuerySet[Dispute]":
    """One's own reports, those about one's territory for who reads sources, and an outside department's own."""
    seen = Q(reporter=who.key) if who.account_id else Q(pk__in=())
    paths = who.paths(May.READ_SOURCES)
    if "" in paths:
        return Dispute.objects.all()
    if paths:
        seen |= within(paths)
    if who.may(May.SEND_OWN):
        lent = outside.lent(who, May.READ_SOURCES).paths(May.READ_SOURCES)
        seen |= within(lent) & Q(source__in=list(outside.own_sources(who)))
    return Dispute.objects.filter(seen)


def find(who: Who, number: int) -> Dispute:
    """One of them, or ``Missing``: another office's is not told apart from none."""
    found = visible_to(who).filter(pk=number).select_related("subject").first()
    if found is None:
        raise Missing("dispute.unknown", _("没有这件数据异议，或它不在您的管辖范围内。"))
    return found


def may_answer(who: Who, found: Dispute) -> bool:
    """The data officers of the territory, and whoever sends files for the source's department."""
    if who.may(May.MEND_QUARANTINE, found.scope):
        return True
    if not who.may(May.SEND_OWN) or found.source not in outside.own_sources(who):
        return False
    return outside.lent(who, May.READ_SOURCES).may(May.READ_SOURCES, found.scope)


def subject_for(who: Who, subject_id: int) -> Subject:
    """The subject a person may report about: any for an officer, the own one for a business."""
    found = Subject.objects.filter(pk=subjects.survivor_of(subject_id), live=True).first()
    own = who.may(May.OWN_BUSINESS) and subjects.of_account(who.account_id or 0).filter(pk=subject_id).exists()
    if found is None or not (own or who.may(May.READ_SUBJECTS)):
        raise Missing("subject.missing", _("没有找到这个主体，或它不在您名下。请从主体档案进入。"))
    return found


# -- what is reported


def targets(who: Who, subject: Subject, *, record: int | None = None) -> list[Target]:
    """What can be reported: every field a source speaks for, and the one record the person came from."""
    codes = [plan.code for plan in layout.FIELDS if plan.code in subject.fields]
    codes += sorted(code for code in subject.fields if code not in layout.BY_CODE and code not in layout.UNSEEN)
    found = [_field(subject, code) for code in codes if subject.fields[code].get("source")]
    if record is not None:
        held = Record.objects.filter(pk=record, subject=subject, current=True).first()
        reader = subjects.reader_of(who, subject)
        if held and (reader.officer or reader.personal):
            found.append(_record(held))
    return found


def _field(subject: Subject, code: str) -> Target:
    held = subject.fields[code]
    value = str(held.get("value") or "")
    return Target(
        about=f"field:{code}",
        title=layout.title_of(code, subject.kind) if code in layout.BY_CODE else FIELDS.get(code, code),
        shown=_shown(code, value),
        digest=_digest(keyring.unsealed(value)),
        source=str(held["source"]),
        batch=held.get("batch"),
        row=held.get("row"),
        field=code,
    )


def _record(held: Record) -> Target:
    batch, _colon, row = held.reference.partition(":")
    placed = batch.isdigit() and row.isdigit()
    day = f"{held.day}" if held.day else ""
    return Target(
        about=f"record:{held.pk}",
        title=layout.RECORD_TITLES.get(held.kind, held.kind),
        shown=" · ".join(filter(None, (held.title, day, STATES.get(held.state, held.state)))),
        digest=_digest(_whole(held)),
        source=held.source,
        batch=int(batch) if placed else None,
        row=int(row) if placed else None,
        record_kind=held.kind,
        record_key=held.key,
    )


def _shown(code: str, value: str) -> str:
    """A value as anybody who sees the report may read it: what is personal stays masked, for its readers too."""
    plan = layout.BY_CODE.get(code)
    shown = keyring.shown(value)
    if plan and plan.mask and shown == value:
        shown = plan.mask(value)
    return layout.written(code, shown, Subject.STATUSES)


def _whole(held: Record) -> str:
    facts = {
        name: keyring.unsealed(value) if isinstance(value, str) else value
        for name, value in sorted((held.facts or {}).items())
    }
    said = [
        held.title,
        held.day,
        held.until,
        held.state,
        facts,
        *([dict(sorted(held.absent.items()))] if held.absent else ()),
    ]
    return json.dumps(said, ensure_ascii=False, default=str)


def _digest(text: str) -> str:
    """Tells whether two values are one; says nothing of what they are."""
    return salted_hmac("shiheng.dispute", text, algorithm="sha256").hexdigest()


def title_of(found: Dispute) -> str:
    """What is said to be wrong, as the file calls it."""
    if found.record_kind:
        return layout.RECORD_TITLES.get(found.record_kind, found.record_kind)
    if found.field in layout.BY_CODE:
        return layout.title_of(found.field, found.subject.kind)
    return FIELDS.get(found.field, found.field)


# -- the deeds


def report(
    subject_id: int,
    *,
    about: str,
    wrong: str,
    should: str = "",
    evidence: Kept | None = None,
    evidence_name: str = "",
    who: Who,
    key: UUID | str | None = None,
) -> Dispute:
    """Report a field or a record as wrong. Raises ``Missing`` for a subject that is not the person's to report on."""
    subject = subject_for(who, subject_id)
    record = about.removeprefix("record:")
    wanted = int(record) if about.startswith("record:") and record.isascii() and record.isdigit() else None
    target = next((t for t in targets(who, subject, record=wanted) if t.about == about), None)
    if target is None:
        raise Refused("dispute.target", _("档案中已没有这一项，请返回主体档案重新选择。"), field="about")
    wrong, should = wrong.strip(), should.strip()
    if len(wrong) < LEAST:
        raise Refused("dispute.wrong", _("请写清楚哪里不对，至少四个字。"), field="wrong")
    if target.personal and should:
        told = _("%(title)s是个人信息，请不要写在这里；正确的内容放进证明材料，材料加密保存。")
        raise Refused("dispute.personal", told % {"title": target.title}, field="should")
    payload = {"subject": subject.pk, "about": about, "wrong": wrong, "should": should}
    payload |= {"evidence": evidence.sha256 if evidence else ""}

    def do() -> dict[str, int]:
        fresh = _made(subject, target, who, wrong=wrong, should=should)
        if evidence:
            fresh.evidence, fresh.evidence_name = evidence.sha256, ledger.shown_name(evidence_name)
        made = _numbered(fresh)
        facts = {
            "number": made.number,
            "title": target.title,
            "about": target.field or f"{target.record_kind}:{target.record_key}",
            "source": target.source,
            "batch": target.batch,
            "row": target.row,
            "wrong": wrong,
            "should": should,
            "evidence": evidence.sha256 if evidence else "",
        }
        ledger.record("dispute.opened", subject=f"dispute:{made.pk}", who=who, scope=made.scope, facts=facts)
        _tell_department(made, subject.name, target.title)
        return {"dispute": made.pk}

    done, _new = once(who, key=UUID(str(key)) if key else None, action="dispute.open", payload=payload, do=do)
    return Dispute.objects.get(pk=done["dispute"])


def _made(subject: Subject, target: Target, who: Who, *, wrong: str, should: str) -> Dispute:
    source = sources.every().get(target.source)
    batch = Batch.objects.filter(pk=target.batch).only("pk", "scope").first() if target.batch else None
    return Dispute(
        subject=subject,
        scope=subject.scope or (batch.scope if batch else ""),
        field=target.field,
        record_kind=target.record_kind,
        record_key=target.record_key,
        shown=target.shown,
        digest=target.digest,
        source=target.source,
        department=source.department if source else "",
        batch=batch,
        row=target.row if batch else None,
        wrong=wrong,
        should=should,
        reporter=who.key,
        reporter_name=who.name,
        reporter_office=who.office_title,
        account_id=who.account_id,
        opened_at=clock.now(),
    )


def _numbered(made: Dispute) -> Dispute:
    """Saved under the next free number of the year; two at once: the unique number decides who counts on."""
    held = Dispute.objects.filter(
        reporter=made.reporter, subject=made.subject, field=made.field, record_kind=made.record_kind,
        source=made.source, record_key=made.record_key, state__in=Dispute.UNSETTLED,
    )  # fmt: skip
    made.year = clock.today().year
    for _attempt in range(ATTEMPTS):
        if earlier := held.first():
            told = _("您已就这一项提出过异议 %(number)s，还没有办结，不必再报。")
            raise Refused("dispute.twice", told % {"number": earlier.number}, field="about")
        last = Dispute.objects.filter(year=made.year).aggregate(last=Max("serial"))["last"] or 0
        made.serial = last + 1
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            continue
        return made
    raise Conflict("dispute.number", _("同时提出的异议太多，没有取到编号。请稍后再提交一次。"))


def answer(
    number: int, *, outcome: str, reason: str = "", batch: int | None = None, who: Who, key: UUID | str | None = None
) -> Dispute:
    """已更正 (with the batch that mends it), 认可 (the mending is still to come) or 维持原值 with the reason."""
    found = find(who, number)
    if not may_answer(who, found):
        raise Forbidden("dispute.power", _("您的岗位不能答复这件异议；由报送部门或辖区的数据专员答复。"))
    reason = reason.strip()
    if outcome not in OUTCOMES:
        raise Refused("dispute.outcome", _("请选择答复的结果。"), field="outcome")
    payload = {"dispute": number, "outcome": outcome, "reason": reason, "batch": batch}

    def do() -> dict[str, int]:
        _check(found, outcome, reason, batch)
        now = clock.now()
        settled = outcome != "answered"
        changed = Dispute.objects.filter(pk=found.pk, state=found.state).update(
            state=outcome,
            answer=reason,
            answered_by=who.name,
            answered_at=found.answered_at or now,
            settled_at=now if settled else None,
            mended_by_id=batch if outcome == "mended" else None,
        )
        if changed != 1:
            raise Conflict("dispute.answered", _("这件异议刚刚被答复过，请刷新页面查看。"))
        facts = {"number": found.number, "outcome": Dispute.STATES[outcome], "reason": reason, "batch": batch}
        ledger.record("dispute.answered", subject=f"dispute:{found.pk}", who=who, scope=found.scope, facts=facts)
        _tell_reporter(found, outcome, reason)
        return {"dispute": found.pk}

    done, _new = once(who, key=UUID(str(key)) if key else None, action="dispute.answer", payload=payload, do=do)
    return Dispute.objects.select_related("subject").get(pk=done["dispute"])


def _check(found: Dispute, outcome: str, reason: str, batch: int | None) -> None:
    """Whether an answer can be given: the state allows it, and what it says is so."""
    if found.state not in Dispute.UNSETTLED or (found.state == "answered" and outcome == "answered"):
        raise Conflict("dispute.settled", _("这件异议已经答复过，不能再改。"))
    if outcome != "mended":
        if len(reason) < LEAST:
            raise Refused("dispute.reason", _("请写明理由，报告人会看到，至少四个字。"), field="reason")
        return
    if batch is None:
        raise Refused("dispute.batch", _("请填写更正它的批次编号。"), field="batch")
    held = Batch.objects.filter(pk=batch, state="published").first()
    if held is None:
        told = _("批次 %(number)s 不存在，或还没有入档。") % {"number": batch}
        raise Refused("dispute.batch", told, field="batch")
    if not Link.objects.filter(batch=held, subject_id=subjects.survivor_of(found.subject_id), until=None).exists():
        told = _("批次 %(number)s 没有说到这个主体，更正不了这一项。") % {"number": batch}
        raise Refused("dispute.batch", told, field="batch")
    if now_of([found])[found.pk].state == "same":
        told = _("这一项的现行值与报告时相同，还没有更正。请先报送更正文件，入档后再答复。")
        raise Refused("dispute.same", told, field="outcome")


# -- telling


def _tell_department(made: Dispute, name: str, title: str) -> None:
    source = sources.every().get(made.source)
    heading = f"数据异议 {made.number}：{title}"
    text = f"{name}的{title}被报告有误，来源是{source.title if source else made.source}。\n{made.wrong}"
    link = reverse("dispute", args=[made.pk])
    base = f"shiheng:dispute:{made.pk}"
    people = [person.account for person in contacts.near(made.department, made.scope)]
    for person in people or contacts.officers_over(made.scope):
        outbox.tell(person, heading, text, link=link, key=uuid5(NAMESPACE_URL, f"{base}:{person.pk}"))
    if not people:
        outbox.tell(
            None, heading, text, channel="file", address=made.department or "（未声明责任部门）", link=link,
            key=uuid5(NAMESPACE_URL, base),
        )  # fmt: skip


def _tell_reporter(found: Dispute, outcome: str, reason: str) -> None:
    if found.account_id is None:
        return
    heading = f"数据异议 {found.number}：{Dispute.STATES[outcome]}"
    text = f"您报告的{title_of(found)}已有答复：{Dispute.STATES[outcome]}。" + (f"\n{reason}" if reason else "")
    key = uuid5(NAMESPACE_URL, f"shiheng:dispute:{found.pk}:{outcome}")
    outbox.tell(found.account, heading, text, link=reverse("dispute", args=[found.pk]), key=key)


# -- reading


def days(found: Dispute) -> int:
    """How many days it has waited, or had waited when it was first answered."""
    until = _day(found.answered_at) if found.answered_at else clock.today()
    return (until - _day(found.opened_at)).days


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at a desk: reports without an answer, the age of the oldest in days, and those still to be mended."""

    open: int
    oldest: int
    answered: int


def waiting(who: Who, source: str = "") -> Waiting:
    """What waits over all sources, or at one, of what the person sees."""
    rows = visible_to(who).filter(state__in=Dispute.UNSETTLED)
    rows = rows.filter(source=source) if source else rows
    held = list(rows.order_by().values_list("state", "opened_at"))
    opened = [_day(at) for state, at in held if state == "open"]
    oldest = (clock.today() - min(opened)).days if opened else 0
    return Waiting(len(opened), oldest, len(held) - len(opened))


def about(who: Who, subject_id: int) -> "QuerySet[Dispute]":
    """Those about one subject that the person may see."""
    return visible_to(who).filter(subject_id__in=subjects.family_of(subject_id)).select_related("subject")


def own(who: Who) -> "QuerySet[Dispute]":
    """What the person reported."""
    return Dispute.objects.filter(reporter=who.key).select_related("subject")


def older_than(rows: "QuerySet[Dispute]", least: int) -> "QuerySet[Dispute]":
    """Those without an answer for so many days or more."""
    last = clock.today() - timedelta(days=least - 1)
    return rows.filter(state="open", opened_at__lt=datetime.combine(last, time.min, clock.SHANGHAI))


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()


def now_of(rows: Iterable[Dispute]) -> dict[int, Now]:
    """What stands there today, for some disputes at once."""
    held = list(rows)
    joined = {row.subject_id for row in held if row.subject.redirect_to_id}
    survivors = {pk: subjects.survivor_of(pk) for pk in joined}
    goal = {row.pk: survivors.get(row.subject_id, row.subject_id) for row in held}
    moved = Subject.objects.in_bulk(survivors.values()) if survivors else {}
    records = _records([(goal[row.pk], row) for row in held if row.record_kind])
    found = {}
    for row in held:
        subject = moved.get(goal[row.pk], row.subject)
        target: Target | None
        if row.record_kind:
            record = records.get((subject.pk, row.record_kind, row.source, row.record_key))
            target = _record(record) if record else None
        else:
            target = _field(subject, row.field) if subject.fields.get(row.field, {}).get("source") else None
        found[row.pk] = _compared(row, target)
    return found


def _compared(row: Dispute, target: Target | None) -> Now:
    if target is None:
        return Now("gone")
    state = "same" if target.digest == row.digest else "changed"
    return Now(state, target.shown, target.source, target.batch, target.row)


def _records(wanted: list[tuple[int, Dispute]]) -> dict[tuple[int, str, str, str], Record]:
    if not wanted:
        return {}
    rows = Record.objects.filter(
        subject_id__in={subject for subject, _row in wanted},
        kind__in={row.record_kind for _subject, row in wanted},
        key__in={row.record_key for _subject, row in wanted},
        gone_on=None,
    ).exclude(state=DELETED_STATE)
    return {(row.subject_id, row.kind, row.source, row.key): row for row in rows}
