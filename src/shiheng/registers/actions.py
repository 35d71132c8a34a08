"""Writing one entry: entering, changing, moving, renewing, noting; each once under its key, each on record."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.registers import undoing, writing
from shiheng.registers.contents import checked, kept, opened, register_of, same
from shiheng.registers.definition import ASKED, SUBJECT, Move, Register, end_of
from shiheng.registers.held import check_free
from shiheng.registers.models import Act, Entry, Note, Version
from shiheng.registers.queries import find, keeping_paths, may_keep
from shiheng.registers.writing import Saying, Whole
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Subject

kinds.declare(entry_written="名录登记", entry_undone="撤销名录登记", register_many="批量办理名录")

KEY_MOST, REASON_MOST = 190, 500

__all__ = ["apply_for", "change", "enter", "move", "note", "renew", "undo"]


def enter(
    who: Who,
    code: str,
    facts: Mapping[str, Any],
    *,
    subject: int | None = None,
    since: date | None = None,
    until: date | None = None,
    day: date | None = None,
    scope: str = "",
    reason: str = "",
    key: UUID | None = None,
) -> Entry:
    """Put an entry on a register.

    ``day``: since when it stands there (today); ``since`` and ``until``: how long what it says holds. Raises
    ``Forbidden`` to whoever does not keep the register there, ``Refused`` for contents its model does not take, and
    ``Conflict`` where the same entry stands on it already.
    """
    register = register_of(code, on=clock.today())
    day = _past(day)
    if register.over_since and (since or day) >= register.over_since:
        told = {"title": register.title, "since": register.over_since.isoformat(), "why": register.over_why}
        raise Refused("register.over", _("“%(title)s”自%(since)s起不再评选认定：%(why)s只能补录此前的条目。") % told)
    whole = entering(who, register, facts, subject=subject, since=since or day, until=until, scope=scope)
    check_keeper(who, register, whole["scope"])
    return _written(who, register, "enter", [Saying(day, whole)], day=day, reason=reason, key=key)


def entering(
    who: Who,
    register: Register,
    facts: Mapping[str, Any],
    *,
    subject: int | None,
    since: date | None,
    until: date | None,
    scope: str = "",
    state: str = "",
    given: Any = None,
) -> Whole:
    """A new entry in its flat form. ``given``: the contents when they were checked before."""
    held = given if given is not None else checked(register, facts)
    stored = kept(register, held)
    firm = _subject(register, subject)
    if until is None and since and register.months:
        until = end_of(since, register.months)
    _check_term(since, until)
    return {
        "version": register.in_force_from.isoformat(),
        "subject": firm.pk if firm else None,
        "key": key_of(register, stored, firm.pk if firm else None),
        "title": title_of(register, stored, firm),
        "state": state or register.first_state,
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "scope": scope or (firm.scope if firm else next(iter(keeping_paths(who, register)), "")),
        **{f"facts.{name}": value for name, value in stored.items()},
    }


def key_of(register: Register, facts: Mapping[str, Any], subject: int | None) -> str:
    """What tells an entry apart in its register."""
    parts = [str(subject)] if register.bound == SUBJECT else []
    parts += [str(facts.get(name, "")).strip() for name in register.key]
    return "|".join(parts)[:KEY_MOST]


def title_of(register: Register, facts: Mapping[str, Any], firm: Subject | None) -> str:
    """What an entry is called."""
    return str(facts.get(register.name, "")) if register.name else (firm.name if firm else "")


def _subject(register: Register, number: int | None) -> Subject | None:
    if number is None:
        if register.bound == SUBJECT:
            raise Refused("entry.subject", _("请选择主体。"), field="subject")
        return None
    if register.bound != SUBJECT and not register.owned:
        raise Refused("entry.subject", _("“%(title)s”的条目不挂在主体名下。") % {"title": register.title})
    firm = subjects.identities().only("id", "name", "scope").filter(pk=subjects.survivor_of(number)).first()
    if firm is None:
        raise Refused("entry.subject", _("没有这个主体，请重新选择。"), field="subject")
    return firm


def _check_term(since: date | None, until: date | None) -> None:
    if since and until and until < since:
        raise Refused("entry.term", _("有效期止不能早于有效期起。"), field="until")


def check_keeper(who: Who, register: Register, scope: str | None = None) -> None:
    """Raise ``Forbidden`` to whoever does not keep a register, at all or in one territory."""
    if not may_keep(who, register, scope):
        raise Forbidden(
            "register.keeper",
            _("您的岗位不能办理“%(title)s”在该辖区的登记。请由负责的岗位办理。") % {"title": register.title},
        )


def _past(day: date | None) -> date:
    today = clock.today()
    if day is not None and day > today:
        raise Refused("entry.day", _("发生日期不能晚于今天。"), field="day")
    return day or today


def _standing(
    who: Who, code: str, number: int, turn: int | None, *, noted: bool = False
) -> tuple[Register, Entry]:  # fmt: skip
    """The entry to be written to, as its keeper read it; one that a file keeps is only ``noted`` here."""
    register = register_of(code, on=clock.today())
    entry = find(who, register, number)
    if not entry.live:
        raise Missing("entry.gone", _("这个条目的登记已经撤销。"))
    check_keeper(who, register, entry.scope)
    if not noted:
        check_free([entry.pk])
    if turn is not None and turn != entry.turn:
        raise Conflict("entry.moved", _("有人刚刚办理过同一条目。请刷新页面，看过最新内容后再办理。"))
    return register, entry


def change(
    who: Who,
    code: str,
    number: int,
    facts: Mapping[str, Any],
    *,
    subject: int | None = None,
    since: date | None = None,
    until: date | None = None,
    day: date | None = None,
    reason: str,
    turn: int | None = None,
    key: UUID | None = None,
) -> Entry:
    """Say an entry's contents anew, from a day on. What stays as it was is not said again.

    ``since`` and ``until`` as they are to stand (``None`` takes the day away); ``turn``: as the keeper read it.
    """
    register, entry = _standing(who, code, number, turn)
    day = _past(day)
    whole = entering(
        who, register, facts, subject=subject if subject is not None else entry.subject_id, since=since, until=until,
        scope=entry.scope, state=entry.state,
    )  # fmt: skip
    changes = differences(writing.whole_of(entry), whole)
    if not changes:
        raise Refused("entry.same", _("内容没有变化，没有写入。"))
    reason = _reason(reason)
    return _written(who, register, "change", [Saying(day, changes, entry)], day=day, reason=reason, key=key)


def differences(before: Whole, after: Whole) -> Whole:
    """What must be said so that an entry that stood as ``before`` stands as ``after``."""
    changed = {name: value for name, value in after.items() if not same(before.get(name), value)}
    gone = {name: None for name in before if name.startswith("facts.") and name not in after}
    return {**changed, **gone}


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("entry.reason", _("请写明事由。"), field="reason")
    if len(reason) > REASON_MOST:
        raise Refused("entry.reason", _("事由最多 %(most)s 个字。") % {"most": REASON_MOST}, field="reason")
    return reason


def move(
    who: Who,
    code: str,
    number: int,
    step: str,
    *,
    day: date | None = None,
    reason: str,
    turn: int | None = None,
    key: UUID | None = None,
) -> Entry:
    """Take an entry one declared step: off the register, back on it, from warned to accepted. Raises ``Refused``."""
    register, entry = _standing(who, code, number, turn)
    day, found = _past(day), move_of(register, entry, step)
    return _written(
        who, register, "move", [Saying(day, moving(register, entry, found, day), entry)], day=day,
        reason=_reason(reason), key=key, facts={"move": found.code, "title": found.title},
    )  # fmt: skip


def move_of(register: Register, entry: Entry, step: str) -> Move:
    """The step, if the entry stands where it begins. Raises ``Refused`` that says which steps are open."""
    found = register.move(step)
    if found is None:
        raise Refused("entry.move", _("“%(title)s”没有这个步骤。") % {"title": register.title})
    if entry.state not in found.came_from:
        told = {"step": found.title, "state": register.state(entry.state).title}
        raise Refused("entry.move", _("“%(state)s”的条目不能办理“%(step)s”。") % told)
    return found


def moving(register: Register, entry: Entry, step: Move, day: date) -> Whole:
    """What a step changes: the state, and of what is granted the days it holds."""
    changes: Whole = {"state": step.to}
    if entry.state == ASKED and not register.state(step.to).ended:
        changes["since"] = day.isoformat()
        if register.months:
            changes["until"] = end_of(day, register.months).isoformat()
    return changes


def renew(
    who: Who,
    code: str,
    number: int,
    until: date,
    *,
    day: date | None = None,
    reason: str = "",
    turn: int | None = None,
    key: UUID | None = None,
) -> Entry:
    """Let an entry hold longer."""
    register, entry = _standing(who, code, number, turn)
    if entry.ended:
        raise Refused("entry.ended", _("不在册的条目不能延续。"))
    if entry.until and until <= entry.until:
        raise Refused("entry.until", _("新的有效期止须晚于原来的 %(day)s。") % {"day": entry.until}, field="until")
    _check_term(entry.since, until)
    day = _past(day)
    saying = Saying(day, {"until": until.isoformat()}, entry)
    return _written(who, register, "renew", [saying], day=day, reason=reason, key=key)


def note(
    who: Who, code: str, number: int, kind: str, text: str, *, day: date | None = None, key: UUID | None = None
) -> Note:
    """Write a dated line under an entry: a visit, an opinion, an activity."""
    register, entry = _standing(who, code, number, None, noted=True)
    day, text = _past(day), " ".join(text.split())
    if kind not in {held.code for held in register.notes}:
        raise Refused("entry.note", _("请选择记事的类别。"), field="kind")
    if not text or len(text) > 1000:
        raise Refused("entry.note", _("请写明内容，最多 1000 个字。"), field="text")

    def do() -> dict[str, int]:
        act = _act(who, register, "note", day=day, reason="", scope=entry.scope)
        made = Note.objects.create(entry=entry, act=act, kind=kind, day=day, text=text, by=who.name, at=act.at)
        _on_record(who, act, [entry])
        return {"note": made.pk}

    payload = {"entry": number, "kind": kind, "text": text, "day": day.isoformat()}
    result, _fresh = once(who, key=key, action="registers.note", payload=payload, do=do)
    return Note.objects.get(pk=result["note"])


def apply_for(
    who: Who, code: str, subject: int, facts: Mapping[str, Any], *, reason: str = "", key: UUID | None = None
) -> Entry:
    """A business asks to be on a register; its keeper grants it or does not. Raises ``Forbidden`` for another's."""
    register = register_of(code, on=clock.today())
    if not register.applied_for:
        raise Refused("register.closed", _("“%(title)s”不接受申请。") % {"title": register.title})
    if who.account_id is None or not subjects.of_account(who.account_id).filter(pk=subject).exists():
        raise Forbidden("entry.business", _("您没有代表这个主体办事的权限。"))
    today = clock.today()
    whole = entering(who, register, facts, subject=subject, since=None, until=None, state=ASKED)
    _refuse_asked(register, whole)
    return _written(who, register, "enter", [Saying(today, whole)], day=today, reason=reason, key=key)


def _refuse_asked(register: Register, whole: Whole) -> None:
    """Who was declined, or left, may ask again: the earlier entry makes room by a key of its own."""
    held = Entry.objects.filter(register=register.code, key=whole["key"], live=True).first()
    if held and not (held.ended and held.state != ASKED):
        raise Conflict("entry.twice", _("已经申请过或者已在册，不能重复申请。"))
    if held:
        serial = Entry.objects.filter(register=register.code, key__startswith=whole["key"] + "#").count() + 2
        whole["key"] = f"{whole['key']}#{serial}"


def undo(who: Who, number: int, *, reason: str, key: UUID | None = None) -> Act:
    """Take back one writing of one entry. Of many: ``undoing.begin``."""
    act = Act.objects.filter(pk=number).first()
    if act is None:
        raise Missing("act.unknown", _("没有这次办理。"))
    register = register_of(act.register, on=clock.today())
    check_keeper(who, register, act.scope)
    if act.kind != "note":
        check_free(Version.objects.filter(act=act).values_list("entry", flat=True)[:1])
    reason = _reason(reason)

    def do() -> dict[str, int]:
        undoing.undo_small(who, act, reason)
        return {"act": act.pk}

    once(who, key=key, action="registers.undo", payload={"act": number, "reason": reason}, do=do)
    return Act.objects.get(pk=number)


def _written(
    who: Who,
    register: Register,
    kind: str,
    sayings: list[Saying],
    *,
    day: date,
    reason: str,
    key: UUID | None,
    facts: Mapping[str, Any] | None = None,
) -> Entry:
    """One act of one saying, once under its key."""
    saying = sayings[0]
    scope = str(saying.changes.get("scope") or (saying.entry.scope if saying.entry else ""))

    def do() -> dict[str, int]:
        act = _act(who, register, kind, day=day, reason=reason, scope=scope, facts=facts)
        entries = writing.write(act, sayings)
        _on_record(who, act, entries)
        return {"entry": entries[0].pk}

    payload = {
        "register": register.code, "kind": kind, "entry": saying.entry.pk if saying.entry else None, "reason": reason,
        "day": day.isoformat(), "changes": _unsealed(register, saying.changes),
    }  # fmt: skip
    result, _fresh = once(who, key=key, action="registers.write", payload=payload, do=do)
    return Entry.objects.select_related("subject").get(pk=result["entry"])


def _unsealed(register: Register, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, for telling a repeated submission from another one; kept as a digest only."""
    facts = {name.removeprefix("facts."): value for name, value in changes.items() if name.startswith("facts.")}
    return {**{n: v for n, v in changes.items() if not n.startswith("facts.")}, "facts": opened(register, facts)}


def _act(
    who: Who,
    register: Register,
    kind: str,
    *,
    day: date,
    reason: str,
    scope: str,
    facts: Mapping[str, Any] | None = None,
) -> Act:
    return Act.objects.create(
        register=register.code, kind=kind, account_id=who.account_id, actor=who.key, by=who.name, scope=scope,
        at=clock.now(), day=day, reason=reason, facts=dict(facts or {}), rows=1, taken=1,
    )  # fmt: skip


def _on_record(who: Who, act: Act, entries: list[Entry]) -> None:
    for entry in entries:
        ledger.record(
            "entry.written", subject=f"entry:{entry.pk}", who=who, scope=entry.scope,
            facts={"act": act.pk, "register": act.register, "kind": act.kind, "day": act.day, "reason": act.reason,
                   "state": entry.state},
        )  # fmt: skip
