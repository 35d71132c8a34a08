"""Who answers for a department's files: our data officers under its name, and the department's own people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Account, Post
from shiheng.accounts.permissions import POWERS, May
from shiheng.accounts.queries import in_force

_OFFICERS = [role.value for role, powers in POWERS.items() if May.LAND_FILES in powers]
_OWN_PEOPLE = [role.value for role, powers in POWERS.items() if May.SEND_OWN in powers]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to be told; ``own`` is the department's own person, to whom our desk is closed."""

    account: Account
    own: bool


def of_department(department: str, paths: Sequence[str] = ("",)) -> list[Contact]:
    """Those of the offices under these paths whose title ends with the department's name."""
    return _each(_named(department).filter(within(tuple(paths), "office__path"))) if department else []


def near(department: str, scope: str) -> list[Contact]:
    """The same for a place: of the offices over it, and of the outside offices beside those."""
    if not department:
        return []
    return _each(post for post in _named(department) if _is_near(post.office.path, scope))


def officers_of(path: str) -> list[Account]:
    """Our data officers of the office at a path."""
    return _accounts(_posts(_OFFICERS).filter(office__path=path))


def officers_over(scope: str) -> list[Account]:
    """Our data officers of a place and of whatever it lies in: told where a department has nobody here."""
    return _accounts(post for post in _posts(_OFFICERS) if scope.startswith(post.office.path))


def _is_near(path: str, scope: str) -> bool:
    beside = path[: path[:-1].rfind(".") + 1]
    return scope.startswith(path) or bool(beside and scope.startswith(beside))


def _named(department: str) -> QuerySet[Post]:
    return _posts([*_OFFICERS, *_OWN_PEOPLE]).filter(office__title__endswith=department)


def _posts(roles: Sequence[str]) -> QuerySet[Post]:
    held = in_force(Post.objects.filter(role__in=roles, account__disabled_at=None))
    return held.select_related("office", "account").order_by("account_id")


def _accounts(posts: Iterable[Post]) -> list[Account]:
    return list({post.account_id: post.account for post in posts}.values())


def _each(posts: Iterable[Post]) -> list[Contact]:
    found: dict[int, Contact] = {}
    for post in posts:
        known = found.get(post.account_id)
        own = post.role not in _OFFICERS and (known is None or known.own)
        found[post.account_id] = Contact(post.account, own)
    return list(found.values())
