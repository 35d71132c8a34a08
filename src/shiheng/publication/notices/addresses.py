"""How a receiver is reached, and the list it gives of what it shows."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named
from shiheng.publication.notices import sending
from shiheng.publication.notices.models import ReceiverAddress

named.declare(receiver_reached="设置公示平台的送达方式", receiver_roster="读入公示平台的清单")


def reach(who: Who, code: str, *, way: str, endpoint: str, key: UUID | None = None) -> ReceiverAddress:
    """Say how a receiver is reached."""
    _check(who)
    parts = urlsplit(endpoint.strip())
    if way == "push" and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise Refused("receiver.endpoint", _("推送地址须是完整的网址，以 https:// 开头。"), field="endpoint")

    def do() -> dict[str, Any]:
        row = sending.address(code)
        ReceiverAddress.objects.filter(pk=row.pk).update(way=way, endpoint=endpoint.strip() if way == "push" else "")
        ledger.record("receiver.reached", subject=f"receiver:{code}", who=who, facts={"way": way})
        return {"receiver": code}

    once(who, key=key, action="notices.reach", payload={"receiver": code, "way": way, "endpoint": endpoint}, do=do)
    return sending.address(code)


def take_roster(who: Who, code: str, roster: Mapping[str, str]) -> int:
    """Keep what a receiver says it shows, to be held against what it confirmed."""
    _check(who)
    row = sending.address(code)
    ReceiverAddress.objects.filter(pk=row.pk).update(roster=dict(roster), roster_at=clock.now())
    ledger.record("receiver.roster", subject=f"receiver:{code}", who=who, facts={"rows": len(roster)})
    return len(roster)


def _check(who: Who) -> None:
    if not who.may(May.MANAGE_EXCHANGE):
        raise Forbidden("receiver.manage", _("您的岗位不能设置公示平台。"))
