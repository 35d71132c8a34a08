"""What each officer has on the desk; who may have which file; who is away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Account, Post
from shiheng.accounts.permissions import POWERS, May, Who
from shiheng.accounts.queries import in_force
from shiheng.catalogue.queries import calendar
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing
from shiheng.procedures import queries
from shiheng.procedures.approvals.models import Opinion
from shiheng.procedures.contents import version_of
from shiheng.procedures.models import Handing, Leave, Passage, Proceeding
from shiheng.ui.wording import say

SOON_DAYS = 5


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer has: open files, those that fall due within five working days, those that are late."""

    account: int | None
    name: str
    offices: str
    open: int
    soon: int
    late: int
    away: Leave | None = None

    @property
    def pk(self) -> int:
        return self.account or 0


def soon_until() -> date:
    """The last day of "due soon": five working days on."""
    day, held = clock.today(), calendar()
    for _n in range(SOON_DAYS):
        day = held.next_workday(day)
    return day


def officers_of(who: Who) -> "QuerySet[Account]":
    """Who handles files in the territory whose files ``who`` gives out."""
    roles = [role for role, powers in POWERS.items() if May.HANDLE_FILES in powers]
    paths = who.paths(May.ASSIGN_FILES)
    posts = in_force(Post.objects.filter(within(paths, "office__path"), role__in=roles))
    return Account.objects.filter(pk__in=posts.values("account"), kind="officer", disabled_at=None).order_by("name")


def find_officer(who: Who, account: int) -> Account:
    """One of them, or whoever still has a file there. ``Missing`` for anybody else."""
    found = officers_of(who).filter(pk=account).first()
    if found is None and queries.visible_to(who).filter(officer_id=account, ended=False).exists():
        found = Account.objects.filter(pk=account).first()
    if found is None:
        raise Missing("officer.unknown", _("没有这名工作人员，或不在您的管辖范围内。"))
    return found


def loads(who: Who) -> list[Load]:
    """Every officer of the territory with the figures of the desk, nobody's files first."""
    today, soon = clock.today(), soon_until()
    rows = queries.visible_to(who).filter(within(who.paths(May.ASSIGN_FILES)), ended=False).order_by()
    counted = rows.values_list("officer_id").annotate(
        whole=Count("pk"),
        near=Count("pk", filter=Q(due__gte=today, due__lte=soon)),
        past=Count("pk", filter=Q(due__lt=today)),
    )
    figures = {officer: (whole, near, late) for officer, whole, near, late in counted}
    people = {one.pk: one for one in officers_of(who)}
    people |= Account.objects.in_bulk([pk for pk in figures if pk and pk not in people])
    offices: dict[int, list[str]] = {}
    posts = in_force(Post.objects.filter(account__in=people)).order_by("office__path").select_related("office")
    for post in posts:
        offices.setdefault(post.account_id, []).append(post.office.title)
    away = {leave.account_id: leave for leave in Leave.objects.filter(state="running", account__in=people)}
    found = [
        Load(pk, one.name, "、".join(dict.fromkeys(offices.get(pk, []))), *figures.get(pk, (0, 0, 0)), away.get(pk))
        for pk, one in people.items()
    ]  # fmt: skip
    if None in figures:
        found.append(Load(None, str(_("还没有承办人")), "", *figures[None]))
    return sorted(found, key=lambda load: (load.account is not None, -load.late, -load.open, load.name))


def open_files_of(who: Who, account: int) -> "QuerySet[Proceeding]":
    """The open files of an officer that ``who`` may give to another."""
    rows = queries.visible_to(who).filter(within(who.paths(May.ASSIGN_FILES)), officer_id=account, ended=False)
    return rows.order_by(F("due").asc(nulls_last=True), "pk")


def refusals(rows: Iterable[Proceeding], to: Account) -> dict[int, str]:
    """Why these files cannot be handled by ``to``, file by file; nothing of those that can.

    Who looked at a file with fresh eyes (a reviewer, a head that decided, one that approved) does not become the one
    who handles it.
    """
    held = list(rows)
    numbers = [row.pk for row in held]
    reviewed: dict[int, str] = {}
    key = f"account:{to.pk}"
    by = {row.pk: row for row in held}
    taken = Passage.objects.filter(proceeding__in=numbers, actor=key, voided_at=None).order_by("pk")
    for number, code in taken.values_list("proceeding", "step"):
        step = version_of(by[number].procedure, by[number].version).step(code)
        if step is not None and (step.apart_from or step.apart_from_bound):
            reviewed.setdefault(number, str(_("办过本案的“%(step)s”，不能再承办") % {"step": say(step.title)}))
    spoken = Opinion.objects.filter(approval__proceeding__in=numbers, actor=key)
    for number, code in spoken.values_list("approval__proceeding", "approval__step"):
        step = version_of(by[number].procedure, by[number].version).step(code)
        words = _("审批过本案的“%(step)s”，不能再承办") % {"step": say(step.title) if step else code}
        reviewed.setdefault(number, str(words))
    posted: dict[str, bool] = {}
    found: dict[int, str] = {}
    for row in held:
        if row.scope not in posted:
            posted[row.scope] = queries.officers_at(row.scope).filter(pk=to.pk).exists()
        if row.ended:
            found[row.pk] = str(_("已经办结"))
        elif row.officer_id == to.pk:
            found[row.pk] = str(_("已经由他承办"))
        elif not posted[row.scope]:
            found[row.pk] = str(_("在承办单位没有岗位"))
        elif row.pk in reviewed:
            found[row.pk] = reviewed[row.pk]
    return found


def handings_of(proceeding: Proceeding) -> "QuerySet[Handing]":
    """How a file went from hand to hand, latest first."""
    return Handing.objects.filter(proceeding=proceeding).order_by("-id")


def leaves_of(account: int) -> "QuerySet[Leave]":
    return Leave.objects.filter(account=account).order_by("-since", "-id")
