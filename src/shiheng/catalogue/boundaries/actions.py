"""A boundary on its way: proposed, decided by somebody else, undone; what was published stays as it was.

The shipped scale is never written: a boundary lies over it from its day on, and undoing one says that it no longer
counts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.boundaries import definition, queries
from shiheng.catalogue.boundaries.definition import Changed, Local, content_of
from shiheng.catalogue.boundaries.models import Boundary
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.powers.definition import Basis
from shiheng.catalogue.violations import VIOLATIONS, Violation
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds

kinds.declare(
    boundary_drafted="提出本局裁量分界",
    boundary_published="公布本局裁量分界",
    boundary_returned="退回本局裁量分界",
    boundary_undone="撤销本局裁量分界",
)


def what_changes(violation: str, content: Mapping[str, Any], *, on: date) -> Changed:
    """What a boundary would change from its first day on. Raises ``Refused`` for one that may not be."""
    held, now, kept = _laid(violation, content, on)
    shipped = queries.shipped(on=on)
    after = definition.laid_over(shipped, Local(0, on, kept, Basis("", "", False), "", clock.now()))
    found = definition.changed(held, now.scale, after)
    if content_of(now.scale, shipped) == kept:
        raise Refused("boundary.same", "与施行日期当日的分界相比没有任何变化。")
    return found


def _laid(violation: str, content: Mapping[str, Any], on: date) -> tuple[Violation, definition.Used, dict[str, Any]]:
    """The violation and what holds for it on a day, and a boundary's content as it is kept."""
    held: Violation = lists.one(VIOLATIONS, violation, on=on)
    return held, queries.used(violation, on=on), definition.check(content, queries.shipped(on=on))


def draft(
    who: Who,
    *,
    violation: str,
    content: Mapping[str, Any],
    instrument: str,
    article: str = "",
    reason: str,
    in_force_from: date,
    key: UUID | None = None,
) -> Boundary:
    """Propose a boundary. Raises ``Refused`` for one that changes nothing, rests on nothing or may not be."""
    if not who.may(May.KEEP_CATALOGUE):
        raise Forbidden("boundary.keep", "您的岗位不能提出本局裁量分界。")
    instrument, article, reason = instrument.strip(), article.strip(), reason.strip()
    if not instrument or not reason:
        raise Refused("boundary.reason", "请写明依据文件和理由。", field="reason" if instrument else "instrument")
    payload = {"violation": violation, "content": dict(content), "instrument": instrument, "article": article,
               "reason": reason, "from": in_force_from.isoformat()}  # fmt: skip

    def do() -> dict[str, int]:
        # Judged here, so that what was drafted once under its key is not judged again by what it changed.
        what_changes(violation, content, on=in_force_from)
        held, now, kept = _laid(violation, content, in_force_from)
        row = Boundary.objects.create(
            violation=violation, title=held.title, content=kept,
            before=content_of(now.scale, queries.shipped(on=in_force_from)), instrument=instrument[:200],
            article=article[:60], reason=reason[:500], in_force_from=in_force_from,
            scope=who.grants[0].path if who.grants else "", drafted_by=who.name, drafted_key=who.key,
            drafted_at=clock.now(),
        )  # fmt: skip
        ledger.record("boundary.drafted", subject=_about(row), who=who, facts={"boundary": row.pk, **payload})
        return {"boundary": row.pk}

    result, _fresh = once(who, key=key, action="boundary.draft", payload=payload, do=do)
    return Boundary.objects.get(pk=result["boundary"])


def publish(who: Who, number: int, *, opinion: str = "", text_read: bool = False, key: UUID | None = None) -> Boundary:
    """Decide that a boundary counts from its day; never by who proposed it. ``text_read``: its instrument was read."""
    row = _find(who, May.DECIDE_CATALOGUE, number)
    _check_other(who, row)
    if row.state == "draft":
        _check_unchanged(row)
    by = {"published_by": who.name, "published_at": clock.now(), "opinion": opinion[:500], "office": who.office_title,
          "verified": text_read}  # fmt: skip
    facts = {"opinion": opinion, "text_read": text_read}
    return _move(who, row, "draft", "published", "boundary.published", facts, key, **by)


def give_back(who: Who, number: int, *, reason: str, key: UUID | None = None) -> Boundary:
    """Send a proposal back; what is to be mended is proposed anew."""
    row = _find(who, May.KEEP_CATALOGUE, number)
    by = {"undone_by": who.name, "undone_at": clock.now(), "undone_why": _needed(reason)[:500]}
    return _move(who, row, "draft", "returned", "boundary.returned", {"reason": reason}, key, **by)


def undo(who: Who, number: int, *, reason: str, key: UUID | None = None) -> Boundary:
    """A published boundary no longer counts, from now on; who asks by an earlier day still sees what was known then."""
    row = _find(who, May.DECIDE_CATALOGUE, number)
    _check_other(who, row)
    by = {"undone_by": who.name, "undone_at": clock.now(), "undone_why": _needed(reason)[:500]}
    return _move(who, row, "published", "undone", "boundary.undone", {"reason": reason}, key, **by)


def _about(row: Boundary) -> str:
    return f"violation:{row.violation}"


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Refused("boundary.reason", "请写明理由。", field="opinion")
    return reason.strip()


def _find(who: Who, power: str, number: int) -> Boundary:
    if not who.may(power):
        raise Forbidden("boundary.step", "您的岗位不能办理这一步。")
    row = queries.visible_to(who).filter(pk=number).first()
    if row is None:
        raise Missing("boundary.unknown", "没有这项分界。")
    return row


def _check_other(who: Who, row: Boundary) -> None:
    if who.key == row.drafted_key:
        raise Refused("boundary.four_eyes", "提出和决定须由不同的人办理，请交由其他人员办理这一步。")


def _check_unchanged(row: Boundary) -> None:
    now = queries.used(row.violation, on=row.in_force_from)
    if content_of(now.scale, queries.shipped(on=row.in_force_from)) != row.before:
        raise Conflict("boundary.changed", "提出以后，施行日期当日的分界又有变化。请退回，按现行分界重新提出。")


def _move(
    who: Who, row: Boundary, before: str, after: str, kind: str, facts: Mapping[str, Any], key: UUID | None,
    **values: Any,
) -> Boundary:  # fmt: skip
    def do() -> dict[str, int]:
        if Boundary.objects.filter(pk=row.pk, state=before).update(state=after, **values) != 1:
            raise Conflict("boundary.state", _("这项分界的状态已经改变，请刷新页面。"))
        ledger.record(kind, subject=_about(row), who=who, facts={"boundary": row.pk, **facts})
        return {"boundary": row.pk}

    once(who, key=key, action=kind, payload={"boundary": row.pk, **facts}, do=do)
    return Boundary.objects.get(pk=row.pk)
