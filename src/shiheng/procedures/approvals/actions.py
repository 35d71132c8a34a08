"""Laying a step up, speaking on it, taking it back; by telephone, and confirmed; the chain a bureau sets for itself."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.models import Account
from shiheng.accounts.outbox import tell
from shiheng.accounts.permissions import ROLE_TITLES, May, Role, Who
from shiheng.accounts.queries import who_of
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import actions as files
from shiheng.procedures import queries as reading
from shiheng.procedures.approvals import queries
from shiheng.procedures.approvals.models import Approval, Opinion, OwnChain
from shiheng.procedures.contents import contents_of, procedure_of
from shiheng.registers.contents import claim_keys, opened
from shiheng.ui.wording import in_the_record

kinds.declare(
    approval_asked="呈批",
    approval_spoken="审批意见",
    approval_withdrawn="撤回呈批",
    approval_confirmed="补签电话审批",
    approval_chain="设定审批层级",
)
WORDS_MOST = 1000


def ask(
    who: Who,
    number: int,
    step: str,
    facts: Mapping[str, Any] | None = None,
    *,
    officers: Sequence[str] = (),
    party: int | None = None,
    reason: str = "",
    key: UUID | None = None,
) -> Approval:
    """Lay a step up to the first of its chain, as it would be taken now.

    Raises ``Refused`` with what stands against the step whoever takes it, and where it has no chain.
    """
    found = reading.find(who, number)
    procedure = reading.version_of(found.procedure, found.version)
    held = procedure.step(step)
    if held is None:
        raise Missing("step.unknown", _("这个程序没有这个环节。"))
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Forbidden("approval.post", _("您的岗位不能呈批这个案卷的环节。"))
    chain = queries.chain_of(procedure, held)
    if not chain.roles:
        raise Refused("approval.none", _("“%(title)s”不需要呈批，由负责的岗位直接办理。") % {"title": held.title})
    given = dict(facts or {})

    def do() -> dict[str, Any]:
        stored = files.told_for(found, held, given, officers=officers, party=party)
        claim_keys(stored)
        role = chain.roles[0]
        row = Approval(
            proceeding=found, scope=found.scope, step=step, party=party or 0, officers=list(officers), facts=stored,
            reason=reason[: files.REASON_MOST], chain=[str(one) for one in chain.roles], role=role, actor=who.key,
            by=who.name, at=clock.now(),
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Conflict("approval.waiting", _("这一环节已经呈批，还在审批中。")) from None
        ledger.record(
            "approval.asked", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"number": found.number, "step": step, "party": party, "chain": row.chain},
        )  # fmt: skip
        return {"approval": row.pk}

    payload = {
        "file": number,
        "step": step,
        "party": party,
        "facts": {name: str(value) for name, value in given.items()},
    }
    result, _done = once(who, key=key, action="approvals.ask", payload=payload, do=do)
    return Approval.objects.get(pk=result["approval"])


def speak(who: Who, number: int, approval: int, *, verdict: str, words: str = "", key: UUID | None = None) -> Approval:
    """Agree or send back; the last of the chain who agrees takes the step by it.

    Raises ``Refused`` with what stands against the step by then: then nothing was said.
    """
    held = queries.find(who, number, approval)
    words = _words(verdict, words)

    def do() -> dict[str, Any]:
        row = queries.find(who, number, approval)
        if not queries.may_speak(who, row):
            raise Forbidden("approval.speak", _("这份呈批件现在不由您审批：自己呈批的、已经审批过的，须由别人审批。"))
        _said(row, row.role, who, verdict, words)
        _go_on(row, verdict, who)
        _leaf("approval.spoken", row, who, verdict=verdict, stage=row.stage)
        return {"approval": row.pk}

    payload = {"approval": held.pk, "verdict": verdict, "words": words}
    once(who, key=key, action="approvals.speak", payload=payload, do=do)
    return queries.find(who, number, approval)


def phone(who: Who, number: int, approval: int, *, account: int, words: str, key: UUID | None = None) -> Approval:
    """Write down that the one it waits for agreed by telephone; he confirms or denies it at his desk.

    The step goes on at once, as the law allows in a hurry; whoever it was laid up by writes it down.
    """
    words = _words("agree", words) or _("电话同意")

    def do() -> dict[str, Any]:
        row = queries.find(who, number, approval)
        if row.actor != who.key:
            raise Forbidden("approval.phone", _("电话审批由呈批人记录。"))
        head = Account.objects.filter(pk=account, kind="officer", disabled_at=None).first()
        other = who_of(head) if head else None
        if head is None or other is None or not queries.may_speak(other, row):
            raise Refused("approval.head", _("这份呈批件现在不由他审批，请重新选择。"), field="account")
        said = _said(row, row.role, other, "agree", words, noted_by=who.name)
        tell(
            head, str(_("有一件电话审批待补签")), f"{row.proceeding.number} {said.words}",
            link=reverse("approvals"), key=uuid5(_space(row), f"phoned:{row.stage}"),
        )  # fmt: skip
        _go_on(row, "agree", other)
        _leaf("approval.spoken", row, who, verdict="agree", stage=row.stage, by_telephone=head.name)
        return {"approval": row.pk}

    payload = {"approval": approval, "account": account, "words": words}
    with in_the_record():
        once(who, key=key, action="approvals.phone", payload=payload, do=do)
    return queries.find(who, number, approval)


def confirm(who: Who, opinion: int, *, true: bool, key: UUID | None = None) -> None:
    """Say of one's own approval by telephone that it was given, or that it never was."""

    def do() -> dict[str, Any]:
        held = queries.to_confirm(who).filter(pk=opinion).first()
        if held is None:
            raise Missing("approval.opinion", _("没有待您补签的电话审批。"))
        column = "confirmed_at" if true else "denied_at"
        Opinion.objects.filter(pk=held.pk, confirmed_at=None, denied_at=None).update(**{column: clock.now()})
        _leaf("approval.confirmed", held.approval, who, stage=held.stage, given=true)
        return {"opinion": held.pk}

    once(who, key=key, action="approvals.confirm", payload={"opinion": opinion, "true": true}, do=do)


def withdraw(who: Who, number: int, approval: int, *, key: UUID | None = None) -> None:
    """Take back what one laid up and is not decided yet."""

    def do() -> dict[str, Any]:
        row = queries.find(who, number, approval)
        if row.actor != who.key:
            raise Forbidden("approval.own", _("呈批件由呈批人自己撤回。"))
        _end(row, "withdrawn")
        _leaf("approval.withdrawn", row, who)
        return {"approval": row.pk}

    once(who, key=key, action="approvals.withdraw", payload={"approval": approval}, do=do)


def set_chain(
    who: Who, procedure: str, step: str, roles: Sequence[str], *, must: bool, since: date, why: str,
    key: UUID | None = None,
) -> OwnChain:  # fmt: skip
    """Say who approves a step from a day on; those before stand beside it. None: the step is taken without."""
    if not who.may(May.DECIDE_CATALOGUE):
        raise Forbidden("approval.chain", _("您的岗位不能设定审批层级。"))
    held = procedure_of(procedure, on=max(since, clock.today())).step(step)
    if held is None:
        raise Missing("step.unknown", _("这个程序没有这个环节。"))
    if since < clock.today():
        raise Refused("approval.since", _("施行日期不能早于今天。"), field="since")
    if len(set(roles)) != len(roles):
        raise Refused("approval.roles", _("同一岗位只能出现一次。"), field="roles")
    if roles and Role(roles[-1]) not in held.by:
        told = {"title": held.title, "roles": "、".join(ROLE_TITLES[role] for role in held.by)}
        raise Refused("approval.last", _("“%(title)s”依法由%(roles)s决定，须是最后一级。") % told, field="roles")
    if not why.strip():
        raise Refused("approval.why", _("请写明依据和理由。"), field="why")

    scope = next(iter(who.paths(May.DECIDE_CATALOGUE)))

    def do() -> dict[str, Any]:
        row = OwnChain.objects.create(
            procedure=procedure, step=step, roles=list(roles), must=must, in_force_from=since, why=why.strip()[:300],
            by=who.name, at=clock.now(),
        )  # fmt: skip
        ledger.record(
            "approval.chain", subject=f"procedure:{procedure}", who=who, scope=scope,
            facts={"step": step, "roles": list(roles), "must": must, "since": since.isoformat(), "why": why},
        )  # fmt: skip
        return {"chain": row.pk}

    payload = {"procedure": procedure, "step": step, "roles": list(roles), "must": must, "since": since.isoformat()}
    return OwnChain.objects.get(pk=once(who, key=key, action="approvals.chain", payload=payload, do=do)[0]["chain"])


def _words(verdict: str, words: str) -> str:
    words = " ".join(words.split())
    if verdict not in Opinion.VERDICTS:
        raise Refused("approval.verdict", _("请选择同意或者退回。"), field="verdict")
    if verdict == "return" and not words:
        raise Refused("approval.words", _("退回须写明意见。"), field="words")
    if len(words) > WORDS_MOST:
        raise Refused("approval.words", _("意见最多 %(most)s 个字。") % {"most": WORDS_MOST}, field="words")
    return words


def _said(row: Approval, role: str, who: Who, verdict: str, words: str, *, noted_by: str = "") -> Opinion:
    if who.account_id is None:
        raise Forbidden("approval.person", _("审批须由本人作出。"))
    return Opinion.objects.create(
        approval=row, stage=row.stage, role=role, account_id=who.account_id, actor=who.key, by=who.name,
        verdict=verdict, words=words, at=clock.now(), phoned=bool(noted_by), noted_by=noted_by,
    )  # fmt: skip


def _go_on(row: Approval, verdict: str, who: Who) -> None:
    """One stage up, or to its end: sent back, or taken."""
    if verdict == "return":
        _end(row, "returned")
        asker = _asker(row)
        if asker is not None:
            with in_the_record():
                tell(
                    asker, str(_("呈批件被退回")), row.proceeding.number,
                    link=reverse("file-approval", args=[row.proceeding_id, row.pk]), key=uuid5(_space(row), "returned"),
                )  # fmt: skip
        return
    if row.stage + 1 < len(row.chain):
        moved = Approval.objects.filter(pk=row.pk, state="waiting", stage=row.stage).update(
            stage=row.stage + 1, role=row.chain[row.stage + 1]
        )
        _moved(moved)
        return
    _end(row, "approved")
    course = reading.course_of(row.proceeding)
    contents = contents_of(course.procedure, row.step)
    taken = files.take_approved(
        who, row.proceeding_id, row.step, opened(contents, row.facts), officers=row.officers, party=row.party or None,
        reason=row.reason,
    )  # fmt: skip
    Approval.objects.filter(pk=row.pk).update(passage=taken)


def _end(row: Approval, state: str) -> None:
    _moved(
        Approval.objects.filter(pk=row.pk, state="waiting", stage=row.stage).update(state=state, ended_at=clock.now())
    )


def _moved(count: int) -> None:
    if count != 1:
        raise Conflict("approval.moved", _("有人刚刚审批过这份呈批件。请刷新页面后再办理。"))


def _asker(row: Approval) -> Account | None:
    _kind, _sep, number = row.actor.partition(":")
    return Account.objects.filter(pk=number).first() if number.isdigit() else None


def _space(row: Approval) -> UUID:
    return uuid5(UUID(int=0), f"approval:{row.pk}")


def _leaf(kind: str, row: Approval, who: Who, **more: Any) -> None:
    ledger.record(
        kind, subject=f"file:{row.proceeding_id}", who=who, scope=row.scope,
        facts={"number": row.proceeding.number, "step": row.step, "approval": row.pk, **more},
    )  # fmt: skip
