"""What each party owes and paid, by the files a reader may see; the files of receipts held against it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow, within
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import registry
from shiheng.kernel.errors import Missing
from shiheng.procedures.contents import version_of
from shiheng.procedures.definition import ENGINE, Money
from shiheng.procedures.models import FinanceFile, Party, Passage, Proceeding
from shiheng.procedures.money.slips import Compared, Paid, Slip, compare


@dataclass(slots=True)
class Due:
    """What one party owes under one decision, and what it paid; sums in fen."""

    file: Proceeding
    number: int
    party: str
    decided_on: date
    owed: int
    paid: int = 0
    late: int = 0
    slips: list[str] = field(default_factory=list)

    @property
    def rest(self) -> int:
        return self.owed - self.paid


def procedures() -> dict[str, Money]:
    """The procedures that say what is owed, by code; of several versions the latest."""
    held = sorted(registry.all_of(ENGINE), key=lambda one: one.in_force_from)
    return {one.code: one.money for one in held if one.money is not None}


def _passages(who: Who) -> "QuerySet[Passage]":
    steps = {step for money in procedures().values() for step in (money.decided, money.paid)}
    files = narrow(Proceeding.objects.filter(procedure__in=procedures()), who, May.READ_FILES)
    rows = Passage.objects.filter(proceeding__in=files, step__in=steps, voided_at=None)
    return rows.select_related("proceeding").order_by("proceeding", "number")


def _money(row: Passage) -> Money | None:
    held: Money | None = version_of(row.proceeding.procedure, row.proceeding.version).money
    return held


def dues(who: Who) -> list[Due]:
    """Every party that owes or owed, the latest decision of each; what is open first, the oldest on top."""
    found: dict[tuple[int, int], Due] = {}
    rows = [(row, money) for row in _passages(who) if (money := _money(row))]
    names = _names({row.proceeding_id for row, _money_of in rows})
    for row, money in rows:
        key = (row.proceeding_id, row.party or 0)
        if row.step == money.decided:
            owed = sum(int(row.facts.get(name) or 0) for name in money.owed)
            found[key] = Due(row.proceeding, key[1], names.get(key, ""), row.day, owed)
        elif due := found.get(key):
            late = int(row.facts.get(money.late) or 0)
            due.paid += int(row.facts.get(money.amount) or 0) - late
            due.late += late
            due.slips.append(str(row.facts.get(money.slip) or ""))
    return sorted((due for due in found.values() if due.owed), key=lambda due: (due.rest <= 0, due.decided_on))


def payments(who: Who, first: date, last: date) -> list[Paid]:
    """Every payment of a span of days."""
    rows = [(row, money) for row in _passages(who).filter(day__gte=first, day__lte=last) if (money := _money(row))]
    names = _names({row.proceeding_id for row, _money_of in rows})
    return [
        Paid(str(row.facts.get(money.slip) or ""), row.day, int(row.facts.get(money.amount) or 0), row.proceeding_id,
             row.proceeding.number, names.get((row.proceeding_id, row.party or 0), ""))
        for row, money in rows if row.step == money.paid
    ]  # fmt: skip


def _names(files: set[int]) -> dict[tuple[int, int], str]:
    rows = Party.objects.filter(proceeding__in=files).values_list("proceeding", "number", "name")
    return {(file, number): name for file, number, name in rows}


def files(who: Who) -> "QuerySet[FinanceFile]":
    """The files of receipts of the territory, the latest first."""
    return FinanceFile.objects.filter(within(who.paths(May.READ_FILES))).defer("slips").order_by("-at")


def find(who: Who, number: int) -> FinanceFile:
    found = FinanceFile.objects.filter(within(who.paths(May.READ_FILES)), pk=number).first()
    if found is None:
        raise Missing("money.unknown", _("没有这份缴款文件，或它不在您的管辖范围内。"))
    return found


def compared(who: Who, held: FinanceFile) -> list[Compared]:
    """A file of receipts against the payments of its days, as the files say today."""
    slips = [_slip(row) for row in held.slips]
    return compare(slips, payments(who, held.first, held.last))


def _slip(row: dict[str, Any]) -> Slip:
    return Slip(row["number"], date.fromisoformat(row["day"]), row["amount"], row["payer"])
