"""An officer chooses what he is told of, and marks what he has read."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Forbidden, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds as named
from shiheng.publication.models import Interest, Pushed
from shiheng.publication.pushing import interests, queries

named.declare(pushed_chosen="选定推送事项")


def choose(who: Who, kinds: Sequence[str], *, key: UUID | None) -> tuple[str, ...]:
    """From now on tell this officer of these kinds, none of them if he wants none."""
    account = who.account_id
    if account is None or not who.may(May.READ_SUBJECTS):
        raise Forbidden("pushed.choose", "您的岗位不接收推送。")
    offered = interests.offered_to(who)
    if set(kinds) - set(offered):
        raise Refused("pushed.kinds", "所选事项不在您的岗位可以接收的范围之内。", field="kinds")
    wanted = tuple(kind for kind in offered if kind in set(kinds))

    def do() -> dict[str, list[str]]:
        Interest.objects.update_or_create(
            account_id=account, defaults={"kinds": list(wanted), "chosen_at": clock.now()}
        )
        facts = {"kinds": list(wanted)}
        scope = who.paths(May.READ_SUBJECTS)[0]
        ledger.record("pushed.chosen", subject=f"account:{account}", who=who, facts=facts, scope=scope)
        return facts

    once(who, key=key, action="pushed.choose", payload={"kinds": list(wanted)}, do=do)
    return wanted


def read_one(who: Who, number: int) -> Pushed:
    """Mark one item read; it keeps the day of its first reading."""
    row = queries.one(who, number)
    read(who, [row.pk])
    return row


def read(who: Who, numbers: Iterable[int] | None = None) -> int:
    """Mark these items read, or all of them; gives how many were unread."""
    rows = queries.visible_to(who).filter(read_on=None)
    if numbers is not None:
        rows = rows.filter(pk__in=list(numbers))
    return rows.update(read_on=clock.today())
