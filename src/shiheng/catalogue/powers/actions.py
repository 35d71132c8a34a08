"""A change of the list on its way: drafted, checked by law, approved, published, undone; each step by somebody else.

The list itself is never written: it is the declarations with the published changes over them, so undoing a change is
saying that it no longer counts, and what was known on an earlier day stays as it was.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.powers import comparing, definition, queries
from shiheng.catalogue.powers.definition import CHANGES, FIELDS, KINDS, LEVELS, TRIGGERS
from shiheng.catalogue.powers.effective import fields_of
from shiheng.catalogue.powers.models import PowerChange, UpperCatalogue
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named

named.declare(
    power_drafted="起草权责清单调整",
    power_checked="权责清单调整合法性审核",
    power_approved="批准权责清单调整",
    power_published="公布权责清单调整",
    power_returned="退回权责清单调整",
    power_undone="撤销权责清单调整",
)


def draft(
    who: Who,
    *,
    what: str,
    power: str,
    content: Mapping[str, Any],
    trigger: str,
    instrument: str,
    reason: str,
    in_force_from: date,
    ends: date | None = None,
    onward: bool = False,
    key: UUID | None = None,
) -> PowerChange:
    """Write a change down. Raises ``Refused`` for one that changes nothing, names no trigger or may not be."""
    if not who.may(May.KEEP_CATALOGUE):
        raise Forbidden("power.keep", "您的岗位不能起草权责清单调整。")
    if what not in CHANGES or trigger not in TRIGGERS:
        raise Refused("power.what", "请选择调整的种类和原因。")
    instrument, reason = instrument.strip(), reason.strip()
    if not instrument or not reason:
        raise Refused("power.reason", "请写明引起调整的文件和理由。", field="reason" if instrument else "instrument")
    if ends is not None and ends < in_force_from:
        raise Refused("power.ends", "截止日期不能早于生效日期。", field="ends")
    given = dict(content)
    payload = {"what": what, "power": power, "content": given, "trigger": trigger, "instrument": instrument,
               "reason": reason, "from": in_force_from.isoformat(), "ends": ends and ends.isoformat()}  # fmt: skip

    def do() -> dict[str, int]:
        # Judged here, so that what was drafted once under its key is not judged again by the list it changed.
        kept, before, title = _content(what, power, given, in_force_from, onward=onward)
        row = PowerChange.objects.create(
            power=power,
            title=title,
            what=what,
            trigger=trigger,
            instrument=instrument[:200],
            reason=reason[:500],
            content=kept,
            before=before,
            in_force_from=in_force_from,
            ends=ends,
            scope=who.grants[0].path if who.grants else "",
            drafted_by=who.name,
            drafted_key=who.key,
            drafted_at=clock.now(),
        )
        ledger.record("power.drafted", subject=f"power:{power}", who=who, facts={"change": row.pk, **payload})
        return {"change": row.pk}

    result, _fresh = once(who, key=key, action="power.draft", payload=payload, do=do)
    return PowerChange.objects.get(pk=result["change"])


def _content(
    what: str, power: str, content: dict[str, Any], on: date, *, onward: bool
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """What is set, how that stood before, and the title of the power."""
    standing = queries.entries(on=on).get(power)
    if what == "add":
        if standing is not None and standing.in_force:
            raise Refused("power.taken", "清单上已有这个编码的职权，请改用“变更”。", field="power")
        _check_fields(content, needed=("title", "kind", "field", "unit", "levels", "instrument", "article"))
        return content, {}, content["title"]
    if standing is None or not standing.in_force:
        raise Refused("power.absent", "在生效日期，清单上没有这项职权，或者已经取消。", field="in_force_from")
    held = standing.power
    if what == "cancel":
        return {}, fields_of(held), held.title
    if what == "entrust":
        why = definition.check_entrustment(
            held.kind,
            organisation=content.get("entrusted_to", ""),
            agreement=content.get("agreement", ""),
            published=content.get("published_where", ""),
            onward=onward,
        )
        if why:
            raise Refused("power.entrust", why)
        if standing.entrusted_to:
            raise Refused("power.entrusted", "这项职权已经委托，请先撤销原来的委托。")
        kept = ("entrusted_to", "agreement", "published_where")
        return {name: content[name] for name in kept}, fields_of(held), held.title
    if what == "devolve":
        content = {"levels": content.get("levels", [])}
        if "town" not in content["levels"] and "county" not in content["levels"]:
            raise Refused("power.devolve", "下放须写明由县（区）或者镇街行使。", field="levels")
    _check_fields(content)
    now = fields_of(held)
    changed = {name: value for name, value in content.items() if now.get(name) != value}
    if not changed:
        raise Refused("power.same", "与现行清单相比没有任何变化。")
    return changed, {name: now[name] for name in changed}, changed.get("title", held.title)


def _check_fields(content: Mapping[str, Any], needed: tuple[str, ...] = ()) -> None:
    for name in needed:
        if not content.get(name):
            told = _("请填写%(field)s。") % {"field": _(FIELDS[name])}
            raise Refused("power.field", told, field=name)
    if set(content) - set(FIELDS):
        raise Refused("power.field", "没有这一项。")
    if content.get("kind", "other") not in KINDS or set(content.get("levels", ())) - set(LEVELS):
        raise Refused("power.field", "职权类别或者行使层级有误。")
    for name in ("statutory", "promised"):
        try:
            definition.read_limit(content.get(name, ""))
        except ValueError:
            raise Refused("power.limit", "期限请写成 20wd（工作日）、60cd（日）、3m（月）。", field=name) from None


# -- steps


def check(who: Who, number: int, *, opinion: str, text_read: bool = False, key: UUID | None = None) -> PowerChange:
    """The legal check says yes. ``text_read``: the article a change names was read in its text."""
    row = _find(who, May.KEEP_CATALOGUE, number)
    _check_other(who, row.drafted_key)
    content = dict(row.content)
    if text_read and {"instrument", "article"} & set(content):
        content["verified"] = True
    seen = {"checked_by": who.name, "checked_key": who.key, "checked_at": clock.now(), "opinion": opinion[:500]}
    return _move(who, row, "draft", "checked", "power.checked", {"opinion": opinion}, key, content=content, **seen)


def approve(who: Who, number: int, *, key: UUID | None = None) -> PowerChange:
    """A leader approves what was checked."""
    row = _find(who, May.DECIDE_CATALOGUE, number)
    _check_other(who, row.drafted_key, row.checked_key)
    by = {"approved_by": who.name, "approved_key": who.key, "approved_at": clock.now()}
    return _move(who, row, "checked", "approved", "power.approved", {}, key, **by)


def publish(who: Who, number: int, *, key: UUID | None = None) -> PowerChange:
    """From now on the change counts from its day. Refused where the power was changed since it was drafted."""
    row = _find(who, May.DECIDE_CATALOGUE, number)
    _check_other(who, row.drafted_key, row.checked_key)
    if row.state == "approved":
        _check_unchanged(row)
    by = {"published_by": who.name, "published_at": clock.now()}
    return _move(who, row, "approved", "published", "power.published", {}, key, **by)


def give_back(who: Who, number: int, *, reason: str, key: UUID | None = None) -> PowerChange:
    """Send a change back before it is published; what is to be mended is drafted anew."""
    row = _find(who, May.KEEP_CATALOGUE, number)
    reason = _needed(reason)
    if row.state not in {"draft", "checked", "approved"} and not _repeated(row, "returned"):
        raise Conflict("power.state", "这项调整已经办结，不能退回。")
    return _move(who, row, row.state, "returned", "power.returned", {"reason": reason}, key, undone_why=reason[:500],
                 undone_by=who.name, undone_at=clock.now())  # fmt: skip


def undo(who: Who, number: int, *, reason: str, key: UUID | None = None) -> PowerChange:
    """A published change no longer counts, from now on; who looks at an earlier day still sees what was known then."""
    row = _find(who, May.DECIDE_CATALOGUE, number)
    _check_other(who, row.drafted_key)
    by = {"undone_by": who.name, "undone_at": clock.now(), "undone_why": _needed(reason)[:500]}
    return _move(who, row, "published", "undone", "power.undone", {"reason": reason}, key, **by)


def _repeated(row: PowerChange, state: str) -> bool:
    return row.state == state


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Refused("power.reason", "请写明理由。", field="opinion")
    return reason.strip()


def _find(who: Who, power: str, number: int) -> PowerChange:
    if not who.may(power):
        raise Forbidden("power.step", "您的岗位不能办理这一步。")
    row = queries.visible_to(who).filter(pk=number).first()
    if row is None:
        raise Missing("power.change", "没有这项调整。")
    return row


def _check_other(who: Who, *done: str) -> None:
    if who.key in done:
        raise Refused("power.four_eyes", "起草、审核、批准须由不同的人办理，请交由其他人员办理这一步。")


def _check_unchanged(row: PowerChange) -> None:
    standing = queries.entries(on=row.in_force_from).get(row.power)
    if row.what == "add":
        changed = standing is not None and standing.in_force
    else:
        now = fields_of(standing.power) if standing is not None and standing.in_force else {}
        changed = any(now.get(name) != value for name, value in row.before.items())
    if changed:
        raise Conflict("power.changed", "起草以后，这项职权又有变化。请退回，按现行内容重新起草。")


def _move(
    who: Who, row: PowerChange, before: str, after: str, kind: str, facts: Mapping[str, Any], key: UUID | None,
    **values: Any,
) -> PowerChange:  # fmt: skip
    def do() -> dict[str, int]:
        if PowerChange.objects.filter(pk=row.pk, state=before).update(state=after, **values) != 1:
            raise Conflict("power.state", "这项调整的状态已经改变，请刷新页面。")
        ledger.record(kind, subject=f"power:{row.power}", who=who, facts={"change": row.pk, **facts})
        return {"change": row.pk}

    once(who, key=key, action=kind, payload={"change": row.pk, **facts}, do=do)
    return PowerChange.objects.get(pk=row.pk)


# -- from the catalogue above


def adopt(
    who: Who,
    catalogue: UpperCatalogue,
    key_of: str,
    *,
    reason: str,
    in_force_from: date,
    field: str = "",
    unit: str = "",
    key: UUID | None = None,
) -> PowerChange:
    """Draft the change that makes one item of ours what the catalogue above says; it goes the way of every change.

    ``field`` and ``unit`` are ours to say of an item we lack: no catalogue above knows our sections.
    """
    row = queries.compared_one(catalogue, key_of)
    instrument = f"{catalogue.issued_by}：{catalogue.title}"
    common: dict[str, Any] = {"trigger": "upper", "instrument": instrument, "reason": reason,
                              "in_force_from": in_force_from, "key": key}  # fmt: skip
    theirs = row.theirs
    if theirs is None:
        if row.ours is None:
            raise Missing("compare.unknown", "比对结果中没有这一项。")
        return draft(who, what="cancel", power=row.ours.code, content={}, **common)
    content: dict[str, Any] = {
        "title": theirs.title,
        "kind": theirs.kind,
        "instrument": theirs.instrument,
        "article": theirs.article,
        "levels": list(theirs.levels),
        "statutory": theirs.statutory,
        "base_code": theirs.base_code,
    }
    if row.ours is None:
        content |= {"field": field, "unit": unit, "article": theirs.article or "—"}
        return draft(who, what="add", power=f"local.{theirs.base_code}", content=content, **common)
    differing = {held.name for held in row.differences} | {"base_code"}
    wanted = {name: value for name, value in content.items() if name in differing}
    return draft(who, what="amend", power=row.ours.code, content=wanted, **common)


STATUS_TO_DO = {comparing.LACKING: "add", comparing.DIFFERENT: "amend", comparing.GONE: "cancel"}
