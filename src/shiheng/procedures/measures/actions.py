"""Asking the catalogue for a file, keeping what was found, holding up what law says, telling back what came of it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures.measures import queries
from shiheng.procedures.measures.models import Heeded
from shiheng.procedures.measures.queries import Find
from shiheng.procedures.models import Proceeding
from shiheng.ui.wording import say

kinds.declare(measure_found="信用措施提示", measure_told="信用措施反馈")
WORDS_MOST = 500
SETTLED = {"not_meant", "over", "not_applied"}
"""Outcomes by which a find holds up nothing any more, each with its reason on record."""


def look(who: Who, found: Proceeding) -> list[Heeded]:
    """Ask the catalogue for everybody in a file and keep what is new, in the caller's transaction."""
    finds = queries.of_file(found, clock.today())
    held = {(row.measure, row.place): row for row in Heeded.objects.filter(proceeding=found)}
    fresh = [one for one in finds if (one.measure.code, one.place) not in held]
    rows = [Heeded.objects.create(proceeding=found, found_at=clock.now(), **_columns(one)) for one in fresh]
    if rows:
        ledger.record(
            "measure.found", subject=f"file:{found.pk}", who=who, scope=found.scope,
            facts={"number": found.number, "measures": sorted({row.measure for row in rows})},
        )  # fmt: skip
    return [*held.values(), *rows]


def _columns(one: Find) -> dict[str, Any]:
    measure = one.measure
    return {
        "measure": measure.code, "version": measure.in_force_from, "department": measure.department,
        "kind": measure.kind, "effect": measure.effect, "listed": one.listed, "place": one.place,
        "title": one.title[:200], "person": one.person, "sure": one.sure,
    }  # fmt: skip


def check(who: Who, found: Proceeding, step: str) -> None:
    """Raise ``Refused`` with the article where a measure holds up this step: law says so, and the entry stands today.

    Where only the name is the same, it has to be looked into first.
    """
    if not any(one.holds_up(found.procedure, step) for one in queries.asked(found.procedure, clock.today())):
        return
    now = {(one.measure.code, one.place): one for one in queries.of_file(found, clock.today())}
    for row in look(who, found):
        one = now.get((row.measure, row.place))
        if one is None or not one.measure.holds_up(found.procedure, step) or row.outcome in SETTLED:
            continue
        told = {"title": say(one.measure.title), "basis": one.measure.basis, "entry": one.title}
        if one.sure:
            raise Refused("step.measure", _("%(title)s（%(basis)s）。名单条目：%(entry)s。") % told)
        raise Refused("step.namesake", _("名单上有同名的人：%(entry)s，须先核实是不是本人并反馈（%(basis)s）。") % told)


def tell(who: Who, number: int, outcome: str, words: str, *, key: UUID | None = None) -> Heeded:
    """Tell back what came of one measure: applied, somebody else was meant, or why it was not applied.

    A stop that is certain is not set aside by saying so: the entry has to leave its list.
    """
    row = queries.visible_to(who).filter(pk=number).first()
    if row is None:
        raise Missing("measure.unknown", _("没有这条提示，或它不在您的管辖范围内。"))
    if not who.may(May.HANDLE_FILES, row.proceeding.scope):
        raise Forbidden("measure.post", _("您的岗位不能反馈这件案卷的信用措施。"))
    words = " ".join(words.split())[:WORDS_MOST]
    if outcome not in Heeded.OUTCOMES or outcome == "open":
        raise Refused("measure.outcome", _("请选择结果。"), field="outcome")
    if not words:
        raise Refused("measure.words", _("请写明依据什么、怎样适用，或者为什么没有适用。"), field="words")
    if row.effect == "stop" and row.sure and outcome in {"not_meant", "not_applied"}:
        raise Refused("measure.sure", _("证件号码相同，是本人；法律规定不予办理的，不能这样反馈。"), field="outcome")
    if outcome == "over" and _stands(row):
        raise Refused("measure.stands", _("这条名单今天仍然有效。"), field="outcome")

    def do() -> dict[str, Any]:
        Heeded.objects.filter(pk=number).update(outcome=outcome, words=words, told_at=clock.now(), told_by=who.name)
        ledger.record(
            "measure.told", subject=f"file:{row.proceeding_id}", who=who, scope=row.proceeding.scope,
            facts={"number": row.proceeding.number, "measure": row.measure, "outcome": outcome},
        )  # fmt: skip
        return {"heeded": number}

    once(who, key=key, action="measures.tell", payload={"heeded": number, "outcome": outcome, "words": words}, do=do)
    return Heeded.objects.get(pk=number)


def _stands(row: Heeded) -> bool:
    finds = queries.of_file(row.proceeding, clock.today())
    return any((one.measure.code, one.place) == (row.measure, row.place) for one in finds)
