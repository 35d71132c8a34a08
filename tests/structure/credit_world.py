"""Measures of credit found in a file, and what stands against the owner's businesses, for the pages that show them."""

from datetime import date
from types import SimpleNamespace
from typing import Any


def heeded(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """So many finds in the first complaint there is, and a line of a court against each of the owner's businesses."""
    from shiheng.kernel import clock
    from shiheng.procedures.measures.models import Heeded
    from shiheng.procedures.models import Proceeding
    from shiheng.subjects.models import Representation
    from tests import factories

    held = Proceeding.objects.order_by("pk")[0]
    made = Heeded.objects.bulk_create(
        Heeded(proceeding=held, measure="licence_consideration", version=date(2021, 9, 1), department="市场监督管理局",
               kind="restraint", effect="flag", listed="serious", place=f"serious:register:{n}", title=f"条目 {n}",
               found_at=clock.now())
        for n in range(rows)
    )  # fmt: skip
    owned = Representation.objects.filter(account=cast.owner).order_by("pk").select_related("subject")
    lines = [factories.record(row.subject, kind="judgment", key=f"j{row.pk}") for row in owned]
    return {"heeded": made[0].pk, "own_record": lines[0].pk}
