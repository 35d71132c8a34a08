"""Who may do what, on one page. Pure: no Django, no I/O; lines of business may import it.

A *role* is held through a post at an office; it gives powers over that office's whole territory (its materialised
path and everything below). ``Who`` is a person as one request sees them: powers paired with paths, no queries left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class May(StrEnum):
    """The platform's own powers. Lines declare theirs beside their procedures."""

    SEE_DESK = "desk.see"
    READ_SUBJECTS = "subjects.read"
    READ_PERSONAL = "subjects.personal"
    EXPORT_SUBJECTS = "subjects.export"
    TRACE_PERSONS = "subjects.trace"
    INVESTIGATE_MISUSE = "subjects.misuse"
    READ_SOURCES = "sources.read"
    LAND_FILES = "sources.land"
    MEND_QUARANTINE = "sources.mend"
    JUDGE_LINKS = "sources.judge"
    WITHDRAW_FILES = "sources.withdraw"
    REMIND_SENDERS = "sources.remind"
    READ_STATIONS = "stations.read"
    MANAGE_OFFICES = "offices.manage"
    MANAGE_ACCOUNTS = "accounts.manage"
    KEEP_CALENDAR = "calendar.keep"
    KEEP_CATALOGUE = "catalogue.keep"
    DECIDE_CATALOGUE = "catalogue.decide"
    READ_LEDGER = "ledger.read"
    READ_JOBS = "jobs.read"
    READ_USAGE = "usage.read"
    READ_EXCHANGE = "exchange.read"
    MANAGE_EXCHANGE = "exchange.manage"
    TAKE_EXCHANGE = "exchange.take"
    SEND_OWN = "sources.own"
    READ_REGISTERS = "registers.read"
    KEEP_REGISTERS = "registers.keep"
    READ_FILES = "files.read"
    HANDLE_FILES = "files.handle"
    ASSIGN_FILES = "files.assign"
    OWN_BUSINESS = "enterprise.home"


class Role(StrEnum):
    """What a post makes of its holder. The Chinese titles stand in ``ROLE_TITLES``."""

    WINDOW_CLERK = "window_clerk"
    SECTION_CHIEF = "section_chief"
    INSPECTOR = "inspector"
    LEGAL_REVIEWER = "legal_reviewer"
    DEPUTY_HEAD = "deputy_head"
    BUREAU_HEAD = "bureau_head"
    CITY_OFFICIAL = "city_official"
    DATA_OFFICER = "data_officer"
    ADMINISTRATOR = "administrator"
    OUTSIDE_PARTY = "outside_party"


ROLE_TITLES = {
    Role.WINDOW_CLERK: "窗口人员",
    Role.SECTION_CHIEF: "科长",
    Role.INSPECTOR: "检查人员",
    Role.LEGAL_REVIEWER: "审核人员",
    Role.DEPUTY_HEAD: "分管负责人",
    Role.BUREAU_HEAD: "主要负责人",
    Role.CITY_OFFICIAL: "市局工作人员",
    Role.DATA_OFFICER: "数据专员",
    Role.ADMINISTRATOR: "系统管理员",
    Role.OUTSIDE_PARTY: "外部单位联络员",
}

_EVERY_OFFICER = frozenset({May.SEE_DESK, May.READ_SUBJECTS, May.READ_STATIONS, May.READ_REGISTERS, May.KEEP_REGISTERS})
_CASEWORK = frozenset({May.READ_FILES, May.HANDLE_FILES})

_HEADS = (
    _EVERY_OFFICER
    | _CASEWORK
    | {May.ASSIGN_FILES, May.READ_PERSONAL, May.READ_SOURCES, May.READ_USAGE, May.READ_EXCHANGE}
    | {May.KEEP_CATALOGUE, May.DECIDE_CATALOGUE, May.READ_LEDGER}
)

POWERS: dict[Role, frozenset[May]] = {
    Role.WINDOW_CLERK: _EVERY_OFFICER | _CASEWORK | {May.READ_PERSONAL, May.TRACE_PERSONS, May.INVESTIGATE_MISUSE},
    Role.INSPECTOR: _EVERY_OFFICER | _CASEWORK | {May.READ_PERSONAL, May.TRACE_PERSONS},
    Role.SECTION_CHIEF: _EVERY_OFFICER
    | _CASEWORK
    | {
        May.ASSIGN_FILES,
        May.READ_PERSONAL,
        May.TRACE_PERSONS,
        May.INVESTIGATE_MISUSE,
        May.EXPORT_SUBJECTS,
        May.READ_SOURCES,
        May.READ_USAGE,
        May.KEEP_CATALOGUE,
    }
    | {May.READ_EXCHANGE},
    Role.LEGAL_REVIEWER: _EVERY_OFFICER | _CASEWORK | {May.READ_PERSONAL, May.KEEP_CATALOGUE},
    Role.DEPUTY_HEAD: _HEADS,
    Role.BUREAU_HEAD: _HEADS,
    Role.CITY_OFFICIAL: _EVERY_OFFICER
    | _CASEWORK
    | {
        May.ASSIGN_FILES,
        May.READ_PERSONAL,
        May.TRACE_PERSONS,
        May.EXPORT_SUBJECTS,
        May.READ_SOURCES,
        May.WITHDRAW_FILES,
        May.REMIND_SENDERS,
        May.READ_LEDGER,
        May.READ_USAGE,
        May.READ_EXCHANGE,
        May.KEEP_CATALOGUE,
        May.DECIDE_CATALOGUE,
    },
    Role.DATA_OFFICER: _EVERY_OFFICER
    | {May.READ_SOURCES, May.LAND_FILES, May.MEND_QUARANTINE, May.WITHDRAW_FILES, May.REMIND_SENDERS}
    | {May.JUDGE_LINKS}
    | {May.READ_EXCHANGE, May.MANAGE_EXCHANGE},
    Role.ADMINISTRATOR: frozenset(
        {
            May.SEE_DESK,
            May.READ_STATIONS,
            May.MANAGE_OFFICES,
            May.MANAGE_ACCOUNTS,
            May.KEEP_CALENDAR,
            May.READ_LEDGER,
            May.READ_JOBS,
            May.READ_USAGE,
            May.READ_EXCHANGE,
            May.MANAGE_EXCHANGE,
        }
    ),
    # Another department's own: its files, its subscriptions, its figures, and nothing of ours beside.
    Role.OUTSIDE_PARTY: frozenset({May.SEND_OWN, May.TAKE_EXCHANGE}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One post as powers over one territory: ``path`` is the office's materialised path, e.g. ``4499.01.03.``."""

    role: str
    office: str
    path: str
    powers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Who:
    """A person (or the system) acting in one request or job."""

    key: str
    name: str
    kind: str  # officer | enterprise | citizen | system
    account_id: int | None = None
    grants: tuple[Grant, ...] = ()
    office_title: str = ""
    role_title: str = ""

    @property
    def role_titles(self) -> tuple[str, ...]:
        """The titles of the posts one by one, for a page in another language."""
        return tuple(filter(None, self.role_title.split("、")))  # not shown: taken apart

    def may(self, power: str, scope: str | None = None) -> bool:
        """Whether ``power`` is held at all, or over ``scope`` when one is given."""
        if self.kind == "system":
            return True
        return any(power in g.powers and (scope is None or scope.startswith(g.path)) for g in self.grants)

    def paths(self, power: str) -> tuple[str, ...]:
        """The territories over which ``power`` is held, none inside another."""
        if self.kind == "system":
            return ("",)
        return outermost(g.path for g in self.grants if power in g.powers)


#: What the owner of a business holds: the own businesses only. No territory begins with "~", so no row is inside it.
OWNER_GRANT = Grant(role="owner", office="", path="~", powers=frozenset({May.OWN_BUSINESS}))


def outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Keep only the paths that lie inside no other: ``a.b.`` goes when ``a.`` is there."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)


SYSTEM = Who(key="system", name="系统", kind="system")
ANYONE = Who(key="anyone", name="公众", kind="citizen")
