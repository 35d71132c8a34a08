"""Reading people and offices: who a signed-in person is, and the rows of this room a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shiheng.accounts.jurisdictions import narrow, within
from shiheng.accounts.models import Account, Office, Post, Town
from shiheng.accounts.permissions import ANYONE, OWNER_GRANT, POWERS, ROLE_TITLES, Grant, May, Role, Who
from shiheng.kernel import clock


@dataclass(frozen=True, slots=True)
class Standing:
    """What one request needs to know of a person: the powers in use, every post in force, the second factor."""

    who: Who
    posts: tuple[Post, ...] = ()
    has_second_factor: bool = False

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)


def in_force(rows: "QuerySet[Post]") -> "QuerySet[Post]":
    """Posts held today: begun, not ended, at an office that still exists."""
    today = clock.today()
    return rows.filter(
        Q(until__isnull=True) | Q(until__gt=today),
        Q(office__closed_on__isnull=True) | Q(office__closed_on__gt=today),
        since__lte=today,
    )


def standing_of(account: Account, *, acting: int | None = None) -> Standing:
    """The person with the posts in force today, in one query; ``acting`` narrows the powers to one of the posts.

    Nothing is kept between requests: a post ended a moment ago gives no power to the next click.
    """
    from allauth.mfa.models import Authenticator

    factor = Authenticator.objects.filter(user_id=OuterRef("account_id"), type=Authenticator.Type.TOTP)
    rows = in_force(Post.objects.filter(account_id=account.pk)).select_related("office")
    posts = tuple(rows.annotate(has_factor=Exists(factor)).order_by("since", "office__path", "pk"))
    used = tuple(p for p in posts if p.pk == acting) or posts
    who = Who(
        key=f"account:{account.pk}",
        name=account.name,
        kind=account.kind,
        account_id=account.pk,
        grants=tuple(grant(p) for p in used) + ((OWNER_GRANT,) if account.kind == "enterprise" else ()),
        office_title=used[0].office.title if used else "",
        role_title=_titles(used) if used else ("经营主体用户" if account.kind == "enterprise" else ""),
    )
    return Standing(
        who=who, posts=posts, has_second_factor=bool(posts) and bool(getattr(posts[0], "has_factor", False))
    )


def grant(post: Post) -> Grant:
    """A post as powers over its office's territory."""
    return Grant(
        role=post.role, office=post.office.code, path=post.office.path, powers=frozenset(POWERS[Role(post.role)])
    )


def _titles(posts: Iterable[Post]) -> str:
    return "、".join(dict.fromkeys(ROLE_TITLES[Role(p.role)] for p in posts))


def who_of(account: Account | None) -> Who:
    """The person as a request or job sees them; nobody, or a disabled account, is the public."""
    if account is None or not account.is_active:
        return ANYONE
    return standing_of(account).who


def offices_visible_to(who: Who) -> "QuerySet[Office]":
    """机构 a person may read: those of the territories over which they may read stations or manage offices."""
    return narrow(Office.objects.all(), who, May.READ_STATIONS, field="path")


def offices_managed_by(who: Who) -> "QuerySet[Office]":
    """机构 a person may change."""
    return narrow(Office.objects.all(), who, May.MANAGE_OFFICES, field="path")


def posts_managed_by(who: Who) -> "QuerySet[Post]":
    """Posts at the offices over which a person manages accounts."""
    return narrow(Post.objects.all(), who, May.MANAGE_ACCOUNTS, field="office__path")


def accounts_managed_by(who: Who) -> "QuerySet[Account]":
    """人员 a person may manage: those with a post, past or present, inside the territory.

    Users of enterprises hold no post and belong to no territory: they are managed from the top of the tree only.
    """
    paths = who.paths(May.MANAGE_ACCOUNTS)
    held = Exists(Post.objects.filter(within(paths, "office__path"), account_id=OuterRef("pk")))
    top = any(path.count(".") <= 1 for path in paths)
    return Account.objects.filter(Q(held) | Q(kind="enterprise") if top else held)


def office_rows(who: Who) -> list[dict[str, Any]]:
    """The offices a person manages, as the import reads them, parents first."""
    return [
        {
            "code": o.code, "title": o.title, "kind": Office.KINDS[o.kind], "parent": o.parent.code if o.parent else "",
            "town": o.town, "address": o.address, "phone": o.phone, "established_posts": o.established_posts,
        }
        for o in offices_managed_by(who).select_related("parent").order_by("path")
    ]  # fmt: skip


def town_rows(who: Who) -> list[dict[str, Any]]:
    """The towns of those offices, as the import reads them."""
    rows = narrow(Town.objects.select_related("office"), who, May.MANAGE_OFFICES, field="office__path")
    return [{"code": t.code, "title": t.title, "office": t.office.code} for t in rows.order_by("code")]


def officer_rows(who: Who) -> list[dict[str, Any]]:
    """The posts a person manages, as the import reads them."""
    rows = posts_managed_by(who).select_related("account", "office").order_by("account__username", "since", "pk")
    return [
        {
            "username": p.account.username, "name": p.account.name, "office": p.office.code,
            "role": ROLE_TITLES[Role(p.role)], "card_number": p.card_number, "since": p.since,
            "phone": p.account.phone, "until": p.until,
        }
        for p in rows
    ]  # fmt: skip
