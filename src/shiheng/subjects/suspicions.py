"""疑似的判断: how often a suspicion was right, as measured and as officers judge it; to judge one, and to take it back.

Until enough are judged, a figure measured on a set of known truth is shown with what it was measured on; then the
officers' own takes its place.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Conflict, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.subjects import following
from shiheng.subjects.crowds import TELEPHONE
from shiheng.subjects.definition import SUSPICIONS, Measured
from shiheng.subjects.models import Opinion, Trace
from shiheng.ui.wording import say

kinds.declare(suspicion_judged="判断疑似关联", suspicion_undone="撤回疑似关联的判断")

# So many judged make a figure of their own; no instrument sets it.
ENOUGH = 30
LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class Precision:
    """How often a suspicion by a sign is right: of ``judged`` by officers where they are enough, else as measured."""

    judged: int
    right: int
    measured: Measured | None

    @property
    def enough(self) -> bool:
        return self.judged >= ENOUGH

    @property
    def sentence(self) -> str:
        """In words, with what it rests on."""
        if self.enough:
            told = {"n": self.judged, "right": self.right, "percent": f"{100 * self.right / self.judged:.1f}"}
            return _("经工作人员判断的 %(n)s 条疑似中，%(right)s 条属实（%(percent)s%%）。") % told
        if self.measured is None:
            return _("准确率未取得：没有测过。")
        held = self.measured
        told = {
            "on": _("真实数据") if held.real else _("生成数据"), "percent": f"{held.precision:.1f}",
            "links": held.links, "right": held.right, "recall": f"{held.recall:.1f}",
            "day": held.in_force_from, "set": say(held.set),
        }  # fmt: skip
        said = _(
            "在%(on)s上测得：%(links)s 条疑似中 %(right)s 条属实（%(percent)s%%），"
            "应当发现的发现了 %(recall)s%%（%(day)s，%(set)s）。"
        )
        return said % told + ("" if held.real else _("未在真实数据上测过。"))

    @property
    def short(self) -> str:
        """For beside each suspicion."""
        if self.enough:
            return _("判断过的 %(percent)s%% 属实") % {"percent": f"{100 * self.right / self.judged:.1f}"}
        if self.measured is None:
            return _("准确率未取得")
        percent = {"percent": f"{self.measured.precision:.1f}"}
        if self.measured.real:
            return _("测得 %(percent)s%% 属实") % percent
        return _("在生成数据上测得 %(percent)s%% 属实，未在真实数据上测过") % percent


def precision(sign: str = TELEPHONE) -> Precision:
    """How often a suspicion by this sign is right, as far as is known today."""
    counted = dict(
        Opinion.objects.filter(sign=sign, undone_at=None).values_list("verdict").annotate(n=Count("pk")).order_by()
    )
    # One of real data before any of a generated set, then the latest: unlike law it holds for what came before it, too.
    known: list[Measured] = [one for one in registry.all_of(SUSPICIONS) if one.sign == sign]
    held = max(known, key=lambda one: (one.real, one.in_force_from), default=None)
    return Precision(sum(counted.values()), counted.get("so", 0), held)


def opinions(trace: Trace) -> dict[tuple[int, int], Opinion]:
    """(other person, subject) → what was found of it, for the person traced."""
    held = Opinion.objects.filter(person=trace.person_id, sign=TELEPHONE, undone_at=None)
    return {(one.other_id, one.subject_id): one for one in held}


def suspect(who: Who, number: int, relation: int) -> tuple[Trace, following.Suspect]:
    """The suspicion a position of another stands for, in a tracing of one's own.

    Raises ``Missing`` where the tracing suspects no such, and as ``following.opened`` does.
    """
    trace = following.opened(who, number)
    for one in following.find(trace.person).suspects:
        if any(position.pk == relation for position in one.positions):
            return trace, one
    raise Missing("suspicion.unknown", _("这次追寻没有这条疑似关联，请回到结果页重新打开。"))


def judge(who: Who, number: int, relation: int, verdict: str, *, reason: str, key: UUID | None = None) -> Opinion:
    """Say of a suspicion that it is so (``so``) or not (``not``), and why.

    Raises ``Missing`` as ``suspect``, ``Refused`` without a verdict or a reason, ``Conflict`` where one stands already.
    """
    reason = _reason(reason)
    if verdict not in Opinion.VERDICTS:
        raise Refused("suspicion.verdict", _("请选择属实还是不属实。"), field="verdict")
    following.opened(who, number)

    def do() -> dict[str, int]:
        trace, one = suspect(who, number, relation)
        try:
            with transaction.atomic():
                made = Opinion.objects.create(
                    person_id=trace.person_id, other=one.person, subject=one.subject, sign=TELEPHONE, verdict=verdict,
                    reason=reason, scope=one.subject.scope, account_id=who.account_id, by=who.name, at=clock.now(),
                )  # fmt: skip
        except IntegrityError:
            raise Conflict(
                "suspicion.judged", _("这条疑似关联已经判断过。如有不同意见，请先撤回原来的判断。")
            ) from None
        _record("suspicion.judged", who, trace, made, verdict=Opinion.VERDICTS[verdict], reason=reason)
        return {"opinion": made.pk}

    payload = {"trace": number, "relation": relation, "verdict": verdict, "reason": reason}
    result, _fresh = once(who, key=key, action="subjects.judge_suspicion", payload=payload, do=do)
    return Opinion.objects.get(pk=result["opinion"])


def undo(who: Who, number: int, opinion: int, *, reason: str, key: UUID | None = None) -> Opinion:
    """Take a judgement back, with the reason; the suspicion stands unjudged again.

    Raises ``Missing`` where the tracing has no such judgement, ``Conflict`` where it was taken back already.
    """
    reason, trace = _reason(reason), following.opened(who, number)
    held = Opinion.objects.filter(pk=opinion, person=trace.person_id).first()
    if held is None:
        raise Missing("suspicion.unknown", _("没有这条判断。"))

    def do() -> dict[str, int]:
        if Opinion.objects.filter(pk=opinion, undone_at=None).update(undone_at=clock.now()) != 1:
            raise Conflict("suspicion.undone", _("这条判断已经撤回。"))
        _record("suspicion.undone", who, trace, held, reason=reason)
        return {"opinion": opinion}

    payload = {"trace": number, "opinion": opinion, "reason": reason}
    once(who, key=key, action="subjects.undo_suspicion", payload=payload, do=do)
    return Opinion.objects.get(pk=opinion)


def _record(kind: str, who: Who, trace: Trace, held: Opinion, **facts: Any) -> None:
    ledger.record(
        kind, subject=f"person:{trace.person_id}", who=who, scope=held.scope,
        facts={"opinion": held.pk, "other": held.other_id, "subject": held.subject_id, "matter": trace.matter, **facts},
    )  # fmt: skip


def _reason(given: str) -> str:
    reason = " ".join(given.split())
    if len(reason) < LEAST_REASON:
        raise Refused("suspicion.reason", _("请写明理由，至少五个字。"), field="reason")
    return reason
