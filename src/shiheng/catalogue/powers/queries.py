"""The list of powers as the house reads it: on a day, as it was known on a day, and what rests on each of its items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.lists import definition as lists
from shiheng.catalogue.powers import comparing, definition
from shiheng.catalogue.powers.definition import FLOWS, POWERS, Flow, Power
from shiheng.catalogue.powers.effective import Entry, Local, effective
from shiheng.catalogue.powers.models import PowerChange, UpperCatalogue
from shiheng.catalogue.violations import VIOLATIONS
from shiheng.kernel import clock, registry
from shiheng.kernel.clock import SHANGHAI
from shiheng.kernel.errors import Missing


def visible_to(who: Who) -> QuerySet[PowerChange]:
    """The changes a person may see: officers all of them, everybody what was published."""
    if who.may(May.SEE_DESK):
        return PowerChange.objects.all()
    return PowerChange.objects.exclude(published_at=None)


def entries(*, on: date | None = None, known: date | None = None) -> dict[str, Entry]:
    """The list as it stood on ``on``, as far as it had been published (and not undone) by the end of ``known``."""
    on = on or clock.today()
    return effective(registry.all_of(POWERS, on=on), _published(known), on=on)


def _published(known: date | None) -> Iterable[Local]:
    rows = PowerChange.objects.exclude(published_at=None)
    if known is None:
        rows = rows.filter(undone_at=None)
    else:
        end = datetime.combine(known + timedelta(days=1), time(), tzinfo=SHANGHAI)
        rows = rows.filter(published_at__lt=end).filter(Q(undone_at=None) | Q(undone_at__gte=end))
    for row in rows.order_by("id"):
        if row.published_at is not None:
            yield Local(row.pk, row.power, row.what, row.in_force_from, row.ends, row.content, row.published_at)


def entry(code: str, *, on: date | None = None, known: date | None = None) -> Entry:
    """One item of the list, or a refusal that says it is not on it that day."""
    found = entries(on=on, known=known).get(code)
    if found is None:
        raise Missing("power.unknown", "权责清单上没有这项职权，或者在所选日期尚未列入。")
    return found


def versions(code: str) -> list[Power]:
    """The declared versions of a power, latest first."""
    return sorted((p for p in registry.all_of(POWERS) if p.code == code), key=lambda p: p.in_force_from, reverse=True)


def flow(power: Power, *, on: date | None = None) -> Flow | None:
    """How a power is exercised."""
    return definition.flow_of(power.code, power.kind, registry.all_of(FLOWS, on=on or clock.today()))


@dataclass(frozen=True, slots=True)
class Touched:
    """What of the declarations points at a power: title and code of each, by kind of declaration."""

    kind: str
    items: tuple[tuple[str, str], ...]


def touched_by(code: str) -> list[Touched]:
    """What a change of this power touches: checklists, items of spot checks, violations, leniency."""
    today = clock.today()
    found = [
        Touched("检查表", _named(h for h in registry.all_of(lists.CHECKLISTS, on=today) if h.power == code)),
        Touched("随机抽查事项", _named(h for h in registry.all_of(lists.SPOT_CHECKS, on=today) if h.power == code)),
    ]
    violations = [held for held in registry.all_of(VIOLATIONS, on=today) if held.power == code]
    found.append(Touched("违法行为与裁量", _named(violations)))
    codes = {held.code for held in violations}
    found.append(
        Touched("减免责事项", _named(h for h in registry.all_of(lists.LENIENCY, on=today) if h.violation in codes))
    )
    return [one for one in found if one.items]


def _named(held: Iterable[object]) -> tuple[tuple[str, str], ...]:
    return tuple((one.code, one.title) for one in held)  # type: ignore[attr-defined]


# -- the catalogue above


def current_upper() -> UpperCatalogue | None:
    """The catalogue of the level above that is in use."""
    return UpperCatalogue.objects.filter(state="current").first()


def upper_rows(catalogue: UpperCatalogue) -> list[comparing.UpperRow]:
    return [
        comparing.UpperRow(
            row.line, row.base_code, row.title, row.kind, row.instrument, row.article, tuple(row.levels.split()),
            row.statutory,
        )
        for row in catalogue.items.order_by("line")
    ]  # fmt: skip


def compared(catalogue: UpperCatalogue, *, on: date | None = None) -> list[comparing.Compared]:
    """The list in force beside one catalogue; what was cancelled here counts as not ours."""
    own = [held.power for held in entries(on=on).values() if held.in_force]
    return comparing.compare(own, upper_rows(catalogue))


def compared_one(catalogue: UpperCatalogue, key: str) -> comparing.Compared:
    for row in compared(catalogue):
        if row.key == key:
            return row
    raise Missing("compare.unknown", "比对结果中没有这一项。可能清单或者目录刚刚调整过，请返回比对页。")
