"""Who is told of what: the officers in their posts, the kinds that fit a post, and those each chose for himself."""

from collections.abc import Iterable
from dataclasses import dataclass

from shiheng.accounts.models import Post
from shiheng.accounts.permissions import POWERS, May, Role, Who
from shiheng.accounts.queries import in_force
from shiheng.publication.definition import IDENTITY
from shiheng.publication.pushing.models import Feed, Interest
from shiheng.subjects import layout

# No instrument says which facts concern a post; these follow what each does all day, and everybody may choose anew.
USUAL: dict[Role, tuple[str, ...]] = {
    Role.WINDOW_CLERK: ("change", "cancellation", "permit", "abnormal", "serious", "judgment"),
    Role.INSPECTOR: (
        "permit",
        "inspection",
        "sampling",
        "food_sample",
        "product_sample",
        "complaint",
        "report",
        "hotline",
        "lead",
        "penalty",
        "abnormal",
        "serious",
    ),
    Role.SECTION_CHIEF: ("case", "penalty", "transfer", "complaint", "report", "abnormal", "serious", "cancellation"),
    Role.CITY_OFFICIAL: ("penalty", "transfer", "serious"),
    Role.DATA_OFFICER: ("change", "cancellation"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One officer in one post: the territory, and the kinds he is told of there."""

    account: int
    office: int
    path: str
    kinds: frozenset[str]


def offered(roles: Iterable[str]) -> tuple[str, ...]:
    """The kinds holders of these posts may be told of: where they may not read records in full, the open ones only."""
    powers = {power for role in roles for power in POWERS[Role(role)]}
    if May.READ_SUBJECTS not in powers:
        return ()
    kinds = layout.RECORD_TITLES if May.READ_PERSONAL in powers else layout.OPEN_KINDS
    return (IDENTITY, *(kind for kind in layout.RECORD_TITLES if kind in kinds))


def usual(roles: Iterable[str]) -> tuple[str, ...]:
    """The kinds that fit these posts, for whoever chose none."""
    held = tuple(roles)
    fits = {kind for role in held for kind in USUAL.get(Role(role), ())}
    return tuple(kind for kind in offered(held) if kind in fits)


def of(who: Who) -> tuple[str, ...]:
    """The kinds a person is told of now."""
    roles = _roles(who)
    row = Interest.objects.filter(account=who.account_id).first()
    return usual(roles) if row is None else tuple(kind for kind in offered(roles) if kind in row.kinds)


def offered_to(who: Who) -> tuple[str, ...]:
    """The kinds a person may choose from."""
    return offered(_roles(who))


def _roles(who: Who) -> list[str]:
    return [grant.role for grant in who.grants if May.READ_SUBJECTS in grant.powers]


def readers() -> list[Reader]:
    """Every officer in every post in force that reads subjects."""
    roles = [role.value for role, powers in POWERS.items() if May.READ_SUBJECTS in powers]
    posts = in_force(Post.objects.filter(role__in=roles, account__disabled_at=None, account__kind="officer"))
    chosen = dict(Interest.objects.values_list("account_id", "kinds"))
    found = []
    for account, office, path, role in posts.order_by("since", "pk").values_list(
        "account_id", "office_id", "office__path", "role"
    ):
        wanted = chosen.get(account, USUAL.get(Role(role), ()))
        kinds = frozenset(wanted) & frozenset(offered([role]))
        found.append(Reader(account, office, path, kinds))
    return found


def read_by_officers() -> frozenset[str]:
    """The kinds whose changes are read for officers; none before the first reading."""
    if not Feed.objects.exists():
        return frozenset()
    return frozenset(kind for reader in readers() for kind in reader.kinds)
