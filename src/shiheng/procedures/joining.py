"""Many at once: a file from each of many earlier ones picked on the desk; many businesses put into one file."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.procedures import actions, bonds, queries
from shiheng.procedures.contents import all_on, procedure_of, version_of
from shiheng.procedures.definition import Procedure, Step
from shiheng.procedures.models import Link, Proceeding
from shiheng.subjects import queries as subjects
from shiheng.subjects.models import Subject

MOST = 200
"""Businesses put into a file at once."""


def offered(who: Who) -> list[Procedure]:
    """The procedures of which this reader opens files from many at once."""
    return [one for one in all_on(clock.today()) if one.bond and one.bond.picked and queries.may_open(who, one)]


def refusal(who: Who, procedure: Procedure, row: Proceeding) -> str:
    """Why no file of the procedure is opened from this one; empty where one is."""
    bond = procedure.bond
    if bond is None or not bond.takes(row.procedure):
        return str(_("不能从这种案卷登记"))
    if not queries.may_open(who, procedure, row.scope):
        return str(_("您的岗位不能在该辖区登记"))
    if lacking := bonds.lacking(procedure, queries.course_of(row)):
        return lacking[0].why
    if Link.objects.filter(first=row, second__procedure=procedure.code).exists():
        return str(_("已经登记过"))
    return "" if not procedure.parties or _parties(procedure, row) else str(_("案卷里没有可以联系的当事人"))


def open_each(who: Who, code: str, rows: Sequence[Proceeding], key: UUID) -> list[Proceeding]:
    """Open a file from each, all or none; the same key opens them once."""
    procedure = procedure_of(code, on=clock.today())
    with transaction.atomic():
        return [_open(who, procedure, row, uuid5(key, str(row.pk))) for row in rows]


def takes_many(step: Step) -> bool:
    """Whether a step puts a business of the register into the file."""
    return bool(step.adds and step.facts and "subject" in step.facts.model_fields)


def add_each(who: Who, number: int, step: str, codes: Sequence[str], facts: Mapping[str, Any], key: UUID) -> int:
    """Take a step that puts a business into a file for each of many, all or none; how many there were.

    A code nobody knows is refused with its line, so that the list can be put right as a whole.
    """
    found = queries.find(who, number)
    held = version_of(found.procedure, found.version).step(step)
    if held is None or not takes_many(held):
        raise Missing("step.unknown", _("这个程序没有这个环节。"))
    lines = [(n, code.strip()) for n, code in enumerate(codes, start=1) if code.strip()]
    if not lines or len(lines) > MOST:
        raise Refused("many.count", _("请填写一至 %(most)s 户，每行一个。") % {"most": MOST}, field="codes")
    firms, faults = [], []
    for n, code in lines:
        try:
            firms.append((code, subjects.identities().get(pk=subjects.by_key(code)).name))
        except (Missing, Subject.DoesNotExist):
            faults.append(str(_("第 %(n)s 行 %(code)s") % {"n": n, "code": code[:40]}))
    if faults:
        told = _("没有找到这些主体，一户也没有登记：%(lines)s。") % {"lines": "；".join(faults)}
        raise Refused("many.unknown", told, field="codes")
    with transaction.atomic():
        for code, name in dict(firms).items():
            given = {**facts, "name": name, "subject": code}
            actions.take(who, number, step, given, key=uuid5(key, code))
    return len(dict(firms))


def _open(who: Who, procedure: Procedure, row: Proceeding, key: UUID) -> Proceeding:
    known = {**bonds.filled(procedure, row), **dict(procedure.bond.picked if procedure.bond else ())}
    facts = {name: value for name, value in known.items() if name in procedure.facts.model_fields}
    return actions.open_file(
        who, procedure.code, facts, parties=_parties(procedure, row), scope=row.scope, about=row.pk, key=key
    )


def _parties(procedure: Procedure, row: Proceeding) -> list[actions.Standing]:
    known: dict[str, Any] = bonds.filled(procedure, row)
    named = ((kind.code, known.get(f"name_{kind.code}_")) for kind in procedure.parties)
    return [actions.Standing(kind, name) for kind, name in named if name]
