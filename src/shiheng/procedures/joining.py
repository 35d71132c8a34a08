"""Opening a file from each of many earlier ones at once: call-backs to the closed cases somebody picked on the desk."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.procedures import actions, bonds, queries
from shiheng.procedures.contents import all_on, procedure_of
from shiheng.procedures.definition import Procedure
from shiheng.procedures.models import Link, Proceeding


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
