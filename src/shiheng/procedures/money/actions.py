"""Taking a file of receipts: kept row by row, the same file once."""

import hashlib
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.sheets import grid_of
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures.money import slips
from shiheng.procedures.money.models import FinanceFile

kinds.declare(money_file="收下财政缴款文件")
LARGEST = 20 * 1024 * 1024
FAULTS_SHOWN = 200


def take(who: Who, content: bytes, filename: str, *, key: UUID | None = None) -> FinanceFile:
    """Keep a file of receipts. Raises ``Refused`` where it is no such file, ``Conflict`` where it is here already."""
    scope = next(iter(sorted(who.paths(May.ASSIGN_FILES))), "")
    if not scope:
        raise Forbidden("money.post", _("您的岗位不能上传财政缴款文件。"))
    if len(content) > LARGEST:
        raise Refused("money.size", _("文件超过 20 MB，请按月分开上传。"), field="file")
    try:
        found, faults = slips.read(grid_of(content, PurePath(filename).suffix.lower()))
    except ValueError as fault:
        told = {"missing": str(fault), "columns": "、".join(slips.COLUMNS)}
        raise Refused("money.columns", _("缺少列：%(missing)s。表头应为：%(columns)s。") % told, field="file") from None
    if not found:
        raise Refused("money.empty", _("文件里没有可以收下的票据。"), field="file")
    digest = hashlib.sha256(content).hexdigest()

    def do() -> dict[str, Any]:
        if FinanceFile.objects.filter(scope=scope, digest=digest).exists():
            raise Conflict("money.twice", _("这份文件已经上传过。"), field="file")
        days = [slip.day for slip in found]
        row = FinanceFile.objects.create(
            scope=scope, name=filename[:200], digest=digest, first=min(days), last=max(days),
            slips=[{"number": s.number, "day": s.day.isoformat(), "amount": s.amount, "payer": s.payer} for s in found],
            faults=[{"line": fault.line, "why": fault.why} for fault in faults], at=clock.now(), by=who.name,
        )  # fmt: skip
        ledger.record(
            "money.file", subject=f"finance:{row.pk}", who=who, scope=scope,
            facts={"digest": digest, "rows": len(found) + len(faults), "taken": len(found)},
        )  # fmt: skip
        return {"file": row.pk}

    result, _done = once(who, key=key, action="money.take", payload={"digest": digest}, do=do)
    return FinanceFile.objects.get(pk=result["file"])
