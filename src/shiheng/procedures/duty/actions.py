"""Files change hands: given to an officer, handed over when somebody leaves, taken by a deputy and given back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Account
from shiheng.accounts.outbox import tell
from shiheng.accounts.permissions import SYSTEM, May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import queries as files
from shiheng.procedures.duty import queries
from shiheng.procedures.models import Handing, Leave, Proceeding
from shiheng.ui.wording import in_the_record

kinds.declare(
    file_assigned="指定承办人",
    file_handed="移交案卷",
    leave_entered="登记离岗",
    leave_ended="返岗",
)
REASON_MOST = 500


def assign(who: Who, numbers: Sequence[int], account: int, *, reason: str, key: UUID | None = None) -> int:
    """Give files to an officer; how many changed hands. All or none: a file that cannot be given is named."""
    to, reason = _officer(account), _short(reason)

    def do() -> dict[str, Any]:
        rows = []
        for number in sorted(set(numbers)):
            found = files.find(who, number)
            own = found.officer_id is None and to.pk == who.account_id and who.may(May.HANDLE_FILES, found.scope)
            if not own and not files.may_assign(who, found.scope):
                raise Forbidden("file.assign", _("您的岗位不能指定这个案卷的承办人。"))
            if found.officer_id != to.pk:
                rows.append(found)
        for number, why in queries.refusals(rows, to).items():
            told = {"name": to.name, "number": next(row.number for row in rows if row.pk == number), "why": why}
            raise Refused("file.officer", _("案卷 %(number)s 不能交给%(name)s：%(why)s。") % told, field="officer")
        return {"moved": _give(who, rows, to, kind="given", reason=reason)}

    payload = {"files": sorted(set(numbers)), "to": account}
    return int(once(who, key=key, action="procedures.assign", payload=payload, do=do)[0]["moved"])


def transfer(
    who: Who, of: int, numbers: Sequence[int], account: int, *, reason: str, key: UUID | None = None
) -> tuple[int, int]:
    """Hand open files of one officer over to another in one act; how many went and how many stayed, each for a reason
    the preview told."""
    to, giver = _officer(account), queries.find_officer(who, of)
    if not _short(reason):
        raise Refused("file.reason", _("请写明移交的理由。"), field="reason")

    def do() -> dict[str, Any]:
        rows = list(queries.open_files_of(who, of).filter(pk__in=list(numbers)))
        if len(rows) != len(set(numbers)):
            raise Conflict("file.handed", _("所选的案卷有变化，没有移交。请刷新名单后重新选择。"))
        refused = queries.refusals(rows, to)
        went = [row for row in rows if row.pk not in refused]
        if not went:
            raise Refused("file.officer", _("所选的案卷都不能移交给%(name)s，原因见名单。") % {"name": to.name})
        moved = _give(who, went, to, kind="transfer", reason=_short(reason), giver=giver)
        return {"moved": moved, "stays": len(refused)}

    payload = {"of": of, "files": sorted(set(numbers)), "to": account, "reason": reason}
    result = once(who, key=key, action="procedures.transfer", payload=payload, do=do)[0]
    return int(result["moved"]), int(result["stays"])


def _give(
    who: Who, rows: Sequence[Proceeding], to: Account, *, kind: str, reason: str, giver: Account | None = None,
    leave: Leave | None = None,
) -> int:  # fmt: skip
    """Change hands, on record, and tell both."""
    act, now, given = uuid4(), clock.now(), list[Proceeding]()
    for row in rows:
        same = Proceeding.objects.filter(pk=row.pk, officer_id=row.officer_id, ended=False)
        if same.update(officer=to, officer_name=to.name) != 1:
            raise Conflict("file.handed", _("所选的案卷有变化，没有移交。请刷新名单后重新选择。"))
        Handing.objects.create(
            proceeding=row, kind=kind, before_id=row.officer_id, before_name=row.officer_name, after=to,
            after_name=to.name, reason=reason, leave=leave, act=act, at=now, by=who.name,
        )  # fmt: skip
        ledger.record(
            "file.assigned" if kind == "given" else "file.handed", subject=f"file:{row.pk}", who=who, scope=row.scope,
            facts={"number": row.number, "kind": kind, "from": row.officer_name, "to": to.name, "reason": reason},
        )  # fmt: skip
        given.append(row)
    _tell(who, given, to, act, reason, giver)
    return len(given)


def _tell(
    who: Who, rows: Sequence[Proceeding], to: Account, act: UUID, reason: str, giver: Account | None
) -> None:  # fmt: skip
    if not rows:
        return
    first = rows[0].number
    whom = {row.officer_id for row in rows if row.officer_id} | ({giver.pk} if giver else set())
    with in_the_record():
        told = {"count": len(rows), "first": first, "name": to.name, "by": who.name, "reason": reason or "—"}
        if to.pk != who.account_id:
            words = _("%(by)s把 %(count)s 件案卷（%(first)s 等）交您承办。理由：%(reason)s。") % told
            link = f"{reverse('files')}?mine=1"
            tell(to, str(_("案卷交您承办")), words, link=link, key=uuid5(NAMESPACE_URL, f"files:to:{act}"))
        for one in Account.objects.filter(pk__in=whom - {who.account_id, to.pk}):
            words = _("您承办的 %(count)s 件案卷（%(first)s 等）已交%(name)s承办。理由：%(reason)s。") % told
            link, key = f"{reverse('files')}?officer={to.name}", uuid5(NAMESPACE_URL, f"files:from:{act}:{one.pk}")
            tell(one, str(_("案卷已移交")), words, link=link, key=key)


# -- leave


def enter_leave(
    who: Who, account: int, deputy: int, *, since: date, until: date, reason: str, key: UUID | None = None
) -> Leave:
    """Put down that somebody is away and who stands in; from the first day on the deputy has the open files."""
    away, stands = queries.find_officer(who, account), _officer(deputy)
    if until < since or until < clock.today():
        raise Refused("leave.days", _("离岗的起止日期不对，请核对。"), field="until")
    if stands.pk == away.pk:
        raise Refused("leave.deputy", _("代办人不能是本人。"), field="deputy")
    if not queries.officers_of(who).filter(pk=stands.pk).exists():
        raise Refused("leave.deputy", _("代办人须是本辖区承办案卷的工作人员。"), field="deputy")
    if not _short(reason):
        raise Refused("file.reason", _("请写明事由。"), field="reason")

    def do() -> dict[str, Any]:
        over = Leave.objects.filter(state__in=("planned", "running"), since__lte=until, until__gte=since)
        if over.filter(account=away).exists():
            raise Refused("leave.twice", _("%(name)s在这段时间已经登记过离岗。") % {"name": away.name}, field="since")
        if over.filter(account=stands).exists():
            raise Refused("leave.deputy", _("代办人在这段时间自己也离岗，请另选。"), field="deputy")
        scope = next(iter(sorted(who.paths(May.ASSIGN_FILES))), "")
        made = Leave.objects.create(
            account=away, name=away.name, deputy=stands, deputy_name=stands.name, since=since, until=until,
            reason=_short(reason), scope=scope, at=clock.now(), by=who.name, actor=who.key,
        )  # fmt: skip
        ledger.record(
            "leave.entered", subject=f"leave:{made.pk}", who=who, scope=scope,
            facts={"name": away.name, "deputy": stands.name, "since": since.isoformat(), "until": until.isoformat()},
        )  # fmt: skip
        if since <= clock.today():
            _begin(made)
        return {"leave": made.pk}

    payload = {"account": account, "deputy": deputy, "since": str(since), "until": str(until), "reason": reason}
    result, _done = once(who, key=key, action="procedures.leave", payload=payload, do=do)
    return Leave.objects.get(pk=result["leave"])


def cancel_leave(who: Who, number: int, *, key: UUID | None = None) -> Leave:
    """End a leave before its day: one that has not begun never happens, one that runs gives the files back now."""
    leave = Leave.objects.filter(pk=number).first()
    if leave is None or not who.may(May.ASSIGN_FILES, leave.scope):
        raise Missing("leave.unknown", _("没有这条离岗登记。"))

    def do() -> dict[str, Any]:
        if leave.state == "running":
            _end(who, leave)
        elif Leave.objects.filter(pk=number, state="planned").update(state="cancelled") != 1:
            raise Conflict("leave.moved", _("这条离岗登记已经结束，请刷新页面。"))
        return {"leave": number}

    once(who, key=key, action="procedures.leave.end", payload={"leave": number}, do=do)
    leave.refresh_from_db()
    return leave


def turn_over() -> int:
    """What the day asks: leaves that begin and leaves that are over; safe to run again."""
    today, done = clock.today(), 0
    for leave in Leave.objects.filter(state="planned", since__lte=today):
        done += _once(leave, "begin", today)
    for leave in Leave.objects.filter(state="running", until__lt=today):
        done += _once(leave, "end", today)
    return done


def _once(leave: Leave, what: str, today: date) -> bool:
    def do() -> dict[str, Any]:
        if what == "begin":
            _begin(leave)
        else:
            _end(SYSTEM, leave)
        return {"leave": leave.pk}

    key = uuid5(NAMESPACE_URL, f"leave:{leave.pk}:{what}:{today}")
    return once(SYSTEM, key=key, action=f"procedures.leave.{what}", payload={"leave": leave.pk}, do=do)[1]


def _begin(leave: Leave) -> None:
    if Leave.objects.filter(pk=leave.pk, state="planned").update(state="running") != 1:
        return
    rows = list(Proceeding.objects.filter(officer_id=leave.account_id, ended=False).order_by("due", "pk"))
    refused = queries.refusals(rows, leave.deputy)
    words = _("%(name)s %(since)s 至 %(until)s 离岗（%(reason)s），由%(deputy)s代办") % {
        "name": leave.name, "since": leave.since, "until": leave.until, "reason": leave.reason,
        "deputy": leave.deputy_name,
    }  # fmt: skip
    went = [row for row in rows if row.pk not in refused]
    _give(SYSTEM, went, leave.deputy, kind="leave", reason=words[:REASON_MOST], giver=leave.account, leave=leave)
    if refused:
        _tell_stays(leave, [(row.number, refused[row.pk]) for row in rows if row.pk in refused])


def _tell_stays(leave: Leave, stays: Sequence[tuple[str, str]]) -> None:
    """Whoever put the leave down hears which files have nobody now, one by one."""
    entered = leave.actor.removeprefix("account:")
    whom = Account.objects.filter(pk__in=[int(entered)] if entered.isdigit() else []).first()
    with in_the_record():
        listed = str(_("；")).join(f"{number}{_('：')}{why}" for number, why in stays[:20])
        told = {"name": leave.name, "count": len(stays), "listed": listed}
        words = _("%(name)s离岗，%(count)s 件案卷不能由代办人承办，请另行指定：%(listed)s。") % told
        tell(whom, str(_("离岗期间没有人办理的案卷")), words, link=reverse("file-officer", args=[leave.account_id]),
             key=uuid5(NAMESPACE_URL, f"leave:stays:{leave.pk}"))  # fmt: skip


def _end(who: Who, leave: Leave) -> None:
    """What the deputy still has of the files goes back; what was given on meanwhile stays where it is."""
    if Leave.objects.filter(pk=leave.pk, state="running").update(state="ended") != 1:
        raise Conflict("leave.moved", _("这条离岗登记已经结束，请刷新页面。"))
    held = Handing.objects.filter(leave=leave, kind="leave").values("proceeding")
    rows = list(Proceeding.objects.filter(pk__in=held, officer_id=leave.deputy_id, ended=False))
    refused = queries.refusals(rows, leave.account)
    went = [row for row in rows if row.pk not in refused]
    words = str(_("%(name)s返岗") % {"name": leave.name})
    _give(who, went, leave.account, kind="return", reason=words, giver=leave.deputy, leave=leave)
    ledger.record("leave.ended", subject=f"leave:{leave.pk}", who=who, scope=leave.scope,
                  facts={"name": leave.name, "back": len(went)})  # fmt: skip


def _officer(account: int) -> Account:
    to = Account.objects.filter(pk=account, kind="officer", disabled_at=None).first()
    if to is None:
        raise Refused("file.officer", _("没有这名工作人员，请重新选择。"), field="officer")
    return to


def _short(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > REASON_MOST:
        raise Refused("file.reason", _("说明最多 %(most)s 个字。") % {"most": REASON_MOST}, field="reason")
    return reason
