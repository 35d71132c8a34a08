"""Notices for pages to stand on: as many public ones as rows, each delivered to every platform."""

from types import SimpleNamespace
from typing import Any


def publicity(cast: SimpleNamespace, rows: int) -> dict[str, Any]:
    """Permits of the day, prepared and published, with what went to the platforms and a list one of them sent."""
    from shiheng.accounts.permissions import SYSTEM
    from shiheng.kernel import clock
    from shiheng.publication.notices import actions, addresses, gathering, sending
    from shiheng.publication.notices.models import Notice
    from shiheng.subjects.models import Subject
    from tests import factories

    firm = Subject.objects.order_by("pk")[0]
    for n in range(rows):
        facts = {"number": f"公{n}", "issuer": "区局", "content": "热食"}
        factories.record(
            firm, source="permits", key=f"公{n}", day=clock.today(), state="valid", title="许可", facts=facts
        )
    gathering.turn()
    for row in Notice.objects.filter(plan="permit").order_by("pk"):
        actions.prepare(cast.who("clerk"), row.pk, secret_checked=True)
        actions.publish(SYSTEM, row.pk)
    addresses.take_roster(cast.who("data"), "site", {str(90_000 + n): "public" for n in range(rows)})
    sending.address("credit")
    return {"notice": Notice.objects.filter(state="public").order_by("pk")[0].pk}
