"""Reading reports: one by its number while it may be taken away, all of a territory, and what has changed since."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import narrow_in_order
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.ledger import files
from shiheng.publication.portal import projection
from shiheng.publication.reports.models import CreditReport, ReportUse

OPEN_FOR = timedelta(days=30)
"""How long a report may be taken away again by its number; what it says may have been withdrawn since."""


def visible_to(who: Who) -> "QuerySet[CreditReport]":
    """The reports on businesses of the reader's territory."""
    return narrow_in_order(CreditReport.objects.all(), who, May.READ_SUBJECTS)


def named(number: str) -> CreditReport:
    """One report by its number. Raises ``Missing``."""
    found = CreditReport.objects.select_related("leaf").filter(number=number.strip().upper()[:32]).first()
    if found is None:
        raise Missing("report.missing", _("没有这个编号的信用报告。请核对编号；查不到的报告不是本平台出具的。"))
    return found


def open_now(report: CreditReport) -> bool:
    return clock.now() - report.made_at < OPEN_FOR


def to_take(number: str) -> CreditReport:
    """A report that may still be taken away. Raises ``Missing`` after its days."""
    report = named(number)
    if not open_now(report):
        raise Missing("report.past", _("这份报告已超过下载期限。核验仍然有效；需要现在的内容，请重新出具。"))
    return report


@dataclass(frozen=True, slots=True)
class Since:
    """What of a report has changed since it was made."""

    gone: int
    fresh: int

    @property
    def same(self) -> bool:
        return not (self.gone or self.fresh)


def since(report: CreditReport) -> Since:
    """How many records it tells of are no longer published, and how many have come."""
    with files.open_kept(report.content) as held:
        content: dict[str, Any] = json.loads(held.read())
    then = {record["id"] for part in content["parts"] for record in part["records"]}
    now = {record.id for record in projection.one(str(report.subject_id)).records}
    return Since(len(then - now), len(now - then))


def uses(report: CreditReport) -> list[tuple[str, int]]:
    """How often it was taken away and checked, by kind."""
    rows = ReportUse.objects.filter(report=report).values("kind").order_by("kind").annotate(sum=Sum("count"))
    counted = {row["kind"]: int(row["sum"]) for row in rows}
    return [(title, counted.get(code, 0)) for code, title in ReportUse.KINDS.items()]
