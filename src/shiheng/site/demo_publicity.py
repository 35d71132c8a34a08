"""What the invented bureau has published by today, prepared by one officer, compared by another, sent and confirmed."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shiheng.accounts.models import Account
from shiheng.accounts.queries import who_of
from shiheng.city import days, publicity
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.publication.notices import actions, gathering, sending
from shiheng.publication.notices.models import Delivery, Notice


def live(today: date, told: Callable[[str], object] = lambda _words: None) -> None:
    """Do what is missing of all that was published by ``today``."""
    maker, other = (who_of(Account.objects.get(username=name)) for name in (publicity.PREPARES, publicity.COMPARES))
    gathering.turn(today)
    held = list(Notice.objects.filter(scope__startswith=days.DISTRICT, state="draft").order_by("decided_on", "pk"))
    ready = held[: -publicity.WAITING]
    for place, notice in enumerate(ready):
        told(f"{place + 1}/{len(ready)}")
        decided = notice.decided_on or today
        with clock.standing_at(_moment(min(decided + timedelta(days=publicity.AFTER), today))):
            try:
                actions.prepare(maker, notice.pk, secret_checked=True, key=_key(notice, "prepare"))
                if place < len(ready) - publicity.PREPARED:
                    actions.publish(other, notice.pk, key=_key(notice, "publish"))
            except Refused:
                continue  # what may not be published stays where it is, with its reason on the page
    if len(held) > publicity.WAITING:
        _kept_back(held[-1])
    gathering.turn(today)
    _sent()


def _kept_back(notice: Notice) -> None:
    """One decision of the latest is kept back by the chief."""
    chief = who_of(Account.objects.get(username="zhang"))
    reason, basis = publicity.KEPT_BACK
    actions.hide(chief, notice.pk, reason=reason, basis=basis, key=_key(notice, "hide"))


def _sent() -> None:
    """Every platform gets what it is owed, and all but one have answered."""
    for receiver in sending.every():
        sending.turn(receiver.code)
        keys = [str(key) for key in Delivery.objects.filter(
            receiver=receiver.code, state="sent").order_by("pk").values_list("key", flat=True)]  # fmt: skip
        if keys and receiver.code != publicity.SILENT:
            place = sending.folder(receiver.code) / "in"
            place.mkdir(parents=True, exist_ok=True)
            (place / "receipts.csv").write_text(publicity.receipts(keys), encoding="utf-8")
            sending.read_receipts(receiver.code)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(16), tzinfo=clock.SHANGHAI)


def _key(notice: Notice, step: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"shiheng:city:publicity:{notice.plan}:{notice.key}:{step}")
