"""Reading what was pushed: the own items as far as the territory still reaches, and counts by office and officer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from shiheng.accounts.jurisdictions import narrow, within
from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.publication.models import Pushed

DAYS = 30


def visible_to(who: Who) -> "QuerySet[Pushed]":
    """What was pushed to a person, of the territory he reads today: who moves elsewhere leaves the old one's behind."""
    return narrow(Pushed.objects.filter(account=who.account_id), who, May.READ_SUBJECTS)


def unread(who: Who) -> int:
    """How much of it waits to be read."""
    return visible_to(who).filter(read_on=None).count()


def one(who: Who, number: int) -> Pushed:
    """An item, or ``Missing``: another officer's is not told apart from none."""
    found = visible_to(who).filter(pk=number).first()
    if found is None:
        raise Missing("pushed.unknown", "没有这条推送，或它不是推送给您的。")
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """What one officer was pushed and has read through one office."""

    office: str
    name: str
    pushed: int
    read: int
    pushed_lately: int
    read_lately: int

    @property
    def unread(self) -> int:
        return self.pushed - self.read


def counted(who: Who) -> list[Counted]:
    """What was pushed and read by officer, of offices in the territory over which ``who`` reads the exchange."""
    since = clock.today() - timedelta(days=DAYS)
    read = Q(read_on__isnull=False)
    rows = (
        Pushed.objects.filter(within(who.paths(May.READ_EXCHANGE), "office__path"))
        .values_list("office__path", "office__title", "account__name", "account_id")
        .annotate(
            pushed=Count("pk"),
            read=Count("pk", filter=read),
            pushed_lately=Count("pk", filter=Q(pushed_on__gt=since)),
            read_lately=Count("pk", filter=read & Q(read_on__gt=since)),
        )
        .order_by("office__path", "account__name", "account_id")
    )
    return [Counted(title, name, *figures) for _path, title, name, _account, *figures in rows]


def offices(lines: Iterable[Counted]) -> dict[str, tuple[int, int]]:
    """Office → what was pushed to its officers, and read by them."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        pushed, read = found.get(line.office, (0, 0))
        found[line.office] = (pushed + line.pushed, read + line.read)
    return found
