"""What a person says of a letter: how it is to be read, that it repeats another or does not; each kept for good."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures import bonds, queries
from shiheng.procedures.models import Judged, Proceeding
from shiheng.procedures.triage import repeats, sketches, suggest
from shiheng.procedures.triage.definition import WANTS
from shiheng.procedures.triage.suggest import Suggestion

kinds.declare(file_triaged="甄别来信")


def judge(who: Who, number: int, chosen: Mapping[str, Any], *, key: UUID | None = None) -> Judged:
    """Say what a letter is: its class, what it wants, why to hurry, its issues. What was suggested is kept beside it.

    Raises ``Refused`` for what no rule names.
    """
    found = _handled(who, number)
    suggestion = suggest.of_file(found)
    if suggestion is None:
        raise Missing("triage.letter", _("这种案卷不是来信，不作甄别。"))
    said = _checked(suggestion, chosen)

    def do() -> dict[str, Any]:
        row = _write(who, found, sketches.SPOKEN, suggestion.as_data(), said)
        sketches.keep(found)
        return {"judged": row.pk}

    result, _done = once(who, key=key, action="triage.judge", payload={"file": number, "chosen": said}, do=do)
    return Judged.objects.get(pk=result["judged"])


def _checked(suggestion: Suggestion, chosen: Mapping[str, Any]) -> dict[str, Any]:
    known = {kind: {rule.code for rule in suggestion.lexicon.of(kind)} for kind in ("class", "urgent", "tag")}
    said: dict[str, Any] = {
        "kind": str(chosen.get("kind") or ""), "wants": str(chosen.get("wants") or ""),
        "urgent": sorted(map(str, chosen.get("urgent") or ())), "tags": sorted(map(str, chosen.get("tags") or ())),
    }  # fmt: skip
    # A class is one the procedure's own form offers, also one no word speaks for.
    for name, rules in (("urgent", "urgent"), ("tags", "tag")):
        if unknown := set(said[name]) - known[rules]:
            raise Refused("triage.code", _("没有这一项：%(code)s。") % {"code": min(unknown)}, field=name)
    if not said["kind"]:
        raise Refused("triage.kind", _("请选择问题类别。"), field="kind")
    if said["wants"] not in WANTS:
        raise Refused("triage.wants", _("请选择是投诉、举报，还是两者都有。"), field="wants")
    return said


def same(who: Who, number: int, other: int, *, is_same: bool, key: UUID | None = None) -> Judged:
    """Say that two letters are the same sent twice, or that they are not; the same are bound to one another."""
    one, two = _handled(who, number), _handled(who, other)
    if one.pk == two.pk or one.procedure != two.procedure:
        raise Refused("triage.same", _("只有同一程序的两件来信才能认定为重复。"))
    first, second = sorted((one, two), key=lambda row: (row.received_on, row.pk))

    def do() -> dict[str, Any]:
        what = repeats.SAME if is_same else repeats.NOT_SAME
        row = _write(who, second, what, {}, {"other": first.number}, other=first)
        if is_same:
            bonds.write(who, first, second, "same")
        return {"judged": row.pk}

    payload = {"files": sorted((number, other)), "same": is_same}
    result, _done = once(who, key=key, action="triage.same", payload=payload, do=do)
    return Judged.objects.get(pk=result["judged"])


def _handled(who: Who, number: int) -> Proceeding:
    found = queries.find(who, number)
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Forbidden("triage.post", _("您的岗位不办理这个案卷，不能甄别。"))
    return found


def _write(
    who: Who, found: Proceeding, what: str, suggested: Mapping[str, Any], chosen: Mapping[str, Any], *,
    other: Proceeding | None = None,
) -> Judged:  # fmt: skip
    last = Judged.objects.filter(proceeding=found).order_by("-number").values_list("number", flat=True).first() or 0
    try:
        with transaction.atomic():
            row = Judged.objects.create(
                proceeding=found, number=last + 1, what=what, suggested=dict(suggested), chosen=dict(chosen),
                other=other, at=clock.now(), by=who.name, actor=who.key,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("triage.moved", _("有人刚刚甄别过这件来信。请刷新页面后再确认。")) from None
    ledger.record(
        "file.triaged", subject=f"file:{found.pk}", who=who, scope=found.scope,
        facts={"number": found.number, "what": what, "suggested": dict(suggested), "chosen": dict(chosen)},
    )  # fmt: skip
    return row
