"""A bureau's own form on its way: brought and checked, decided by somebody else, taken out of use again.

The shipped form is never written: an own one lies over it from its day on, and papers made before stay what they are.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files, kinds
from shiheng.procedures import formbook, papers
from shiheng.procedures.formbook import Form
from shiheng.procedures.numbering import bureau_of
from shiheng.procedures.ownforms import queries
from shiheng.procedures.ownforms.definition import Found, held_against
from shiheng.procedures.ownforms.models import OwnForm
from shiheng.ui import wordform

kinds.declare(
    ownform_drafted="提出本局文书格式",
    ownform_published="公布本局文书格式",
    ownform_returned="退回本局文书格式",
    ownform_undone="停用本局文书格式",
)


def check(form: Form, content: bytes, *, on: date) -> Found:
    """What a Word file holds as a form. Raises ``Refused``: unknown names with the nearest, and elements lacking."""
    known = papers.names(form, papers.procedure_for(form, on))
    word = wordform.opened(content)
    names = wordform.placeholders(word)
    found = held_against(names, known, wordform.unknown(names, known))
    told = []
    for name, near in found.unknown:
        words = {"name": name, "near": near}
        told.append(
            _("不认识占位符“%(name)s”，是不是“%(near)s”？") % words if near else _("不认识占位符“%(name)s”。") % words
        )
    if lacking := [*found.lacking, *form.without(wordform.words(word))]:
        told.append(_("缺少法定要素：%(names)s。") % {"names": "、".join(lacking)})
    if told:
        raise Refused("ownform.check", "".join(told), field="file", lacking=lacking, unknown=found.unknown)
    return found


def draft(
    who: Who, form: str, *, content: bytes, name: str, reason: str, in_force_from: date, key: UUID | None = None
) -> OwnForm:
    """Propose a form for the proposer's bureau. Raises ``Refused`` for one that cannot stand in the place of ours."""
    if not who.may(May.KEEP_CATALOGUE):
        raise Forbidden("ownform.keep", _("您的岗位不能提出本局文书格式。"))
    held, reason = formbook.of_code(form, on=clock.today()), reason.strip()
    if not reason:
        raise Refused("ownform.reason", _("请写明理由。"), field="reason")
    if in_force_from < clock.today():
        raise Refused("ownform.day", _("启用日期不能早于今天：以前制作的文书不改变。"), field="in_force_from")
    found = check(held, content, on=in_force_from)
    kept = files.keep(content)
    path = next(iter(sorted(who.paths(May.KEEP_CATALOGUE))), "")
    bureau = bureau_of(path)

    def do() -> dict[str, int]:
        row = OwnForm.objects.create(
            form=held.code, title=held.title, file=kept.sha256, name=ledger.shown_name(name), reason=reason[:500],
            placeholders=list(found.names), in_force_from=in_force_from, scope=bureau.path if bureau else path,
            office=bureau.title if bureau else "", drafted_by=who.name, drafted_key=who.key, drafted_at=clock.now(),
        )  # fmt: skip
        ledger.record(
            "ownform.drafted", subject=f"form:{row.form}", who=who, scope=row.scope,
            facts={"ownform": row.pk, "file": kept.sha256, "from": in_force_from.isoformat(), "reason": reason},
        )  # fmt: skip
        return {"ownform": row.pk}

    payload = {"form": form, "file": kept.sha256, "reason": reason, "from": in_force_from.isoformat()}
    result, _fresh = once(who, key=key, action="ownform.draft", payload=payload, do=do)
    return OwnForm.objects.get(pk=result["ownform"])


def publish(who: Who, number: int, *, opinion: str = "", key: UUID | None = None) -> OwnForm:
    """Decide that a form is used from its day; never by who proposed it. What it was checked for is checked again."""
    row = _find(who, May.DECIDE_CATALOGUE, number)
    _check_other(who, row)
    if row.state == "draft":
        with files.open_kept(row.file) as held:
            check(formbook.of_code(row.form, on=row.in_force_from), held.read(), on=row.in_force_from)
    by = {"published_by": who.name, "published_at": clock.now(), "opinion": opinion[:500]}
    return _move(who, row, "draft", "published", "ownform.published", {"opinion": opinion}, key, **by)


def give_back(who: Who, number: int, *, reason: str, key: UUID | None = None) -> OwnForm:
    """Send a proposal back; a mended one is proposed anew."""
    row = _find(who, May.KEEP_CATALOGUE, number)
    by = {"undone_by": who.name, "undone_at": clock.now(), "undone_why": _needed(reason)[:500]}
    return _move(who, row, "draft", "returned", "ownform.returned", {"reason": reason}, key, **by)


def undo(who: Who, number: int, *, reason: str, key: UUID | None = None) -> OwnForm:
    """A published form is used no longer; papers made of it stay."""
    row = _find(who, May.DECIDE_CATALOGUE, number)
    _check_other(who, row)
    by = {"undone_by": who.name, "undone_at": clock.now(), "undone_why": _needed(reason)[:500]}
    return _move(who, row, "published", "undone", "ownform.undone", {"reason": reason}, key, **by)


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Refused("ownform.reason", _("请写明理由。"), field="opinion")
    return reason.strip()


def _find(who: Who, power: str, number: int) -> OwnForm:
    row = queries.visible_to(who).filter(pk=number).first()
    if row is None:
        raise Missing("ownform.unknown", _("没有这份本局文书格式。"))
    if not who.may(power, row.scope):
        raise Forbidden("ownform.step", _("您的岗位不能办理这一步。"))
    return row


def _check_other(who: Who, row: OwnForm) -> None:
    if who.key == row.drafted_key:
        raise Refused("ownform.four_eyes", _("提出和决定须由不同的人办理，请交由其他人员办理这一步。"))


def _move(
    who: Who, row: OwnForm, before: str, after: str, kind: str, facts: Mapping[str, Any], key: UUID | None,
    **values: Any,
) -> OwnForm:  # fmt: skip
    def do() -> dict[str, int]:
        if OwnForm.objects.filter(pk=row.pk, state=before).update(state=after, **values) != 1:
            raise Conflict("ownform.state", _("这份格式的状态已经改变，请刷新页面。"))
        ledger.record(kind, subject=f"form:{row.form}", who=who, scope=row.scope, facts={"ownform": row.pk, **facts})
        return {"ownform": row.pk}

    once(who, key=key, action=kind, payload={"ownform": row.pk, **facts}, do=do)
    return OwnForm.objects.get(pk=row.pk)
