"""Telling officers what falls due: one message a person and working day, and none where nothing does."""

from collections import defaultdict
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shiheng.accounts.models import Account, Post
from shiheng.accounts.outbox import tell
from shiheng.accounts.queries import in_force
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock
from shiheng.procedures.models import Proceeding
from shiheng.ui.wording import in_the_record

JOB = "procedures.remind"
SOON = timedelta(days=3)


def send() -> int:
    """Tell everyone of their files that are late or fall due within three days, once a working day; how many people."""
    today = clock.today()
    if not calendar().is_workday(today):
        return 0
    rows = Proceeding.objects.filter(ended=False, due__isnull=False, due__lte=today + SOON)
    held: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    nobodys: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for officer, scope, due in rows.values_list("officer_id", "scope", "due").iterator(chunk_size=2_000):
        counts = held[officer] if officer else nobodys[scope]
        if due is None:
            continue
        counts[0 if due < today else 1 if due == today else 2] += 1
    for scope, counts in nobodys.items():
        for chief in _chiefs(scope):
            held[chief] = [one + other for one, other in zip(held[chief], counts, strict=True)]
    accounts = Account.objects.in_bulk(list(held))
    with transaction.atomic(), in_the_record():
        for number, (late, now, soon) in held.items():
            if account := accounts.get(number):
                words = _("已超期 %(late)s 件，今日到期 %(now)s 件，三日内到期 %(soon)s 件。")
                tell(
                    account, str(_("待办案卷到期提醒")), words % {"late": late, "now": now, "soon": soon},
                    link=f"{reverse('files')}?mine=1", key=uuid5(NAMESPACE_URL, f"files:due:{today}:{number}"),
                )  # fmt: skip
    return len(held)


def _chiefs(scope: str) -> list[int]:
    """Who gives out the files of an office: the section chiefs nearest above it."""
    posts = in_force(Post.objects.filter(role="section_chief"))
    while scope:
        found = list(posts.filter(office__path=scope).values_list("account_id", flat=True))
        if found:
            return found
        scope = scope[: scope[:-1].rfind(".") + 1]
    return []
