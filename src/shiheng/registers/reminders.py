"""Telling those who keep a register, and the businesses on it, that something ends: at each declared distance, once."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.models import Account, Post
from shiheng.accounts.outbox import tell
from shiheng.accounts.queries import in_force
from shiheng.kernel import clock
from shiheng.registers.contents import all_on
from shiheng.registers.definition import Register
from shiheng.registers.models import Entry, Warned
from shiheng.subjects.models import Representation
from shiheng.ui.wording import in_the_record

JOB = "registers.remind"
CHUNK = 500
Ends = list[tuple[Entry, date, int]]


def send() -> int:
    """Tell of every end that has come within a declared distance and was not told of; how many ends."""
    today, count = clock.today(), 0
    for register in all_on(today):
        if register.warns and not register.over_since:
            while found := _untold(register, today):
                with transaction.atomic(), in_the_record():
                    fresh = _mark(found)
                    _tell_keepers(register, fresh, today)
                    _tell_businesses(register, fresh)
                count += len(fresh)
                if len(found) < CHUNK:
                    break
    return count


def _untold(register: Register, today: date) -> Ends:
    """Ends within a distance, each with the least of the distances it is within."""
    found: Ends = []
    farthest = today + timedelta(days=max(register.warns))
    earliest = today - timedelta(days=30)  # what ended long ago was there when the register was loaded
    for field in ("until", "due"):
        near = {f"{field}__lte": farthest, f"{field}__gte": earliest}
        rows = Entry.objects.filter(register=register.code, live=True, ended=False, **near).order_by(field, "pk")
        for entry in rows.iterator(chunk_size=2_000):
            end: date = getattr(entry, field)
            days = min((d for d in register.warns if (end - today).days <= d), default=None)
            if days is None or Warned.objects.filter(entry=entry, end=end, days__lte=days).exists():
                continue
            found.append((entry, end, days))
            if len(found) >= CHUNK:
                return found
    return found


def _mark(found: Ends) -> Ends:
    """Those that nobody else told of meanwhile."""
    now, fresh = clock.now(), []
    for entry, end, days in found:
        _row, made = Warned.objects.get_or_create(entry=entry, end=end, days=days, defaults={"at": now})
        if made:
            fresh.append((entry, end, days))
    return fresh


def _tell_keepers(register: Register, fresh: Ends, today: date) -> None:
    """One message an office and a distance: how many, and where they are listed."""
    held: dict[tuple[str, int], int] = defaultdict(int)
    for entry, _end, days in fresh:
        held[(entry.scope, days)] += 1
    keepers = in_force(Post.objects.filter(role__in=[role.value for role in register.kept_by])).select_related(
        "account", "office"
    )
    by_path: dict[str, list[Account]] = defaultdict(list)
    for post in keepers:
        by_path[post.office.path].append(post.account)
    for (scope, days), count in held.items():
        path = _nearest(scope, by_path)
        words = _("已到期") if days == 0 else _("%(days)s 日内到期") % {"days": days}
        title = f"{register.title}：{count} 条{words}"
        link = f"{reverse('register', args=[register.code])}?standing={'over' if days == 0 else 'soon'}"
        for account in by_path.get(path, []):
            key = uuid5(NAMESPACE_URL, f"registers:{register.code}:{scope}:{days}:{today}:{account.pk}")
            tell(account, title, _("请及时督促办理。"), link=link, key=key)


def _nearest(scope: str, held: dict[str, list[Account]]) -> str:
    """The office in charge, or the nearest above it that has a keeper."""
    while scope and scope not in held:
        scope = scope[: scope[:-1].rfind(".") + 1]
    return scope


def _tell_businesses(register: Register, fresh: Ends) -> None:
    """Each login that stands for a business on the register."""
    today = clock.today()
    numbers = {entry.subject_id for entry, _end, _days in fresh if entry.subject_id}
    standing = Representation.objects.filter(Q(until=None) | Q(until__gt=today), subject__in=numbers, since__lte=today)
    logins: dict[int, list[Account]] = defaultdict(list)
    for row in standing.select_related("account"):
        logins[row.subject_id].append(row.account)
    for entry, end, days in fresh:
        for account in logins.get(entry.subject_id or 0, []):
            words = {"title": register.title, "name": entry.title, "end": end.isoformat()}
            text = _("“%(title)s”中的“%(name)s”%(end)s到期，请及时办理延续或检验。") % words
            key = uuid5(NAMESPACE_URL, f"registers:{entry.pk}:{end}:{days}:{account.pk}")
            tell(account, f"{register.title}即将到期" if days else f"{register.title}已到期", text, key=key,
                 link=reverse("enterprise-home"))  # fmt: skip
