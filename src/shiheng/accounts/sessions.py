"""Sign-in sessions as rows: whose, since when, last seen when and where, so that they can be listed and ended.

Ages are measured on the machine's own clock: moving the platform's clock in a demonstration signs nobody out.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shiheng.accounts.addresses import address_of
from shiheng.accounts.models import Session
from shiheng.kernel import clock

STARTED, SEEN, ADDRESS, AGENT = "started", "seen", "address", "agent"


class SessionStore(DatabaseStore):
    """Django's own store, with the session's owner and times copied to columns."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        if SESSION_KEY in data:
            now = clock.machine().timestamp()
            data.setdefault(STARTED, now)
            data.setdefault(SEEN, now)
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.started_at = _moment(data.get(STARTED))
        row.seen_at = _moment(data.get(SEEN))
        row.address = data.get(ADDRESS, "")
        row.agent = data.get(AGENT, "")[:200]
        return row


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, clock.SHANGHAI)


def begin(request: HttpRequest) -> None:
    """Note on a fresh session when and from where it began."""
    now = clock.machine().timestamp()
    request.session[STARTED] = request.session[SEEN] = now
    request.session[ADDRESS] = address_of(request)
    request.session[AGENT] = request.headers.get("user-agent", "")[:200]


def over(session: SessionBase) -> str | None:
    """Why a signed-in session is at its end, in words for its owner; ``None`` while it lives."""
    now = clock.machine().timestamp()
    started, seen = session.get(STARTED, now), session.get(SEEN, now)
    if now - seen > settings.SESSION_IDLE_MINUTES * 60:
        told = {"minutes": settings.SESSION_IDLE_MINUTES}
        return _("您已超过 %(minutes)s 分钟未操作，为安全起见已退出，请重新登录。") % told
    if now - started > settings.SESSION_LIFETIME_HOURS * 3600:
        return _("本次登录已满 %(hours)s 小时，请重新登录。") % {"hours": settings.SESSION_LIFETIME_HOURS}
    return None


def touch(request: HttpRequest) -> None:
    """Note that the person is still there; written at most once a minute, not on every click."""
    now = clock.machine().timestamp()
    if now - request.session.get(SEEN, 0) >= timedelta(minutes=1).total_seconds():
        request.session[SEEN] = now


def of_account(account_id: int) -> "list[Session]":
    """The live sessions of one account, the latest first."""
    rows = Session.objects.filter(account_id=account_id, expire_date__gt=clock.machine())
    return list(rows.order_by("-seen_at", "-started_at"))


def end_all(account_id: int, *, but: str | None = None) -> int:
    """End every session of one account, except the one with key ``but``."""
    rows = Session.objects.filter(account_id=account_id)
    if but:
        rows = rows.exclude(session_key=but)
    return rows.delete()[0]


def keep_newest(account_id: int, *, limit: int, newest: str | None) -> int:
    """End the oldest sessions beyond ``limit`` (0: no limit); ``newest`` always stays."""
    if not limit:
        return 0
    rows = Session.objects.filter(account_id=account_id).exclude(session_key=newest or "")
    surplus = list(rows.order_by("-started_at").values_list("session_key", flat=True)[limit - 1 :])
    return Session.objects.filter(session_key__in=surplus).delete()[0]
