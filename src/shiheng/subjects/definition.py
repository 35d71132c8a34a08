"""What a line declares about subjects: which trade needs which permit, on what basis; and how a permit stands. Pure.

A rule is suspicion, never a finding: a class of industry says what a business most likely does, not what it does. Pages
word it so, and name the article with its first day in force and whether its text was checked.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shiheng.kernel.citation import Citation
from shiheng.kernel.periods import Period

ENGINE = "permits"
KIND = "permit"
"""The kind of record a permit is, whoever granted it: a list of one kind reads one index."""
SOON = timedelta(days=60)
"""How long before its last day a permit counts as expiring: twice the thirty days in which a renewal is still in time
(行政许可法 art 50), so that a reminder can be answered."""


MISUSE = "misuse"
"""The engine of claims that somebody's name was used."""


PERSONAL = {
    "phone": "电话",
    "id": "证件号码",
    "account": "银行账号",
    "health": "健康信息",
    "address": "自然人住址",
    "name": "自然人姓名",
}
"""What may be personal in a value: kept in no clear text, shown masked, read whole only with a reason."""

Basis = Citation
"""Instrument and article on which a rule stands."""

CROWDS = "crowds"
"""The engine of thresholds: at how many subjects a shared sign says nothing any more."""
SUSPICIONS = "suspicions"
"""The engine of measured figures: how often what a sign suggests is so."""


@dataclass(frozen=True, slots=True)
class CrowdRule:
    """From how many subjects on a sign joins nobody, in an area (a territory's path; empty: everywhere else).

    ``sign``: ``telephone`` (left at so many), ``house`` (so many in it), ``person`` (in positions at so many).
    """

    sign: str
    limit: int
    in_force_from: date
    basis: Basis
    area: str = ""

    @property
    def code(self) -> str:
        return f"{self.sign}@{self.area}"


@dataclass(frozen=True, slots=True)
class Measured:
    """How often a suspicion by a sign was right, measured on a set whose truth is known.

    ``links`` were suspected, ``right`` of them are so; ``so`` is how many there were to be found. ``real`` is false for
    a generated set: of real data it says nothing yet.
    """

    sign: str
    in_force_from: date
    links: int
    right: int
    so: int
    set: str
    real: bool

    @property
    def code(self) -> str:
        return self.sign

    @property
    def precision(self) -> float:
        """Percent of the suspected that are so, to one place."""
        return round(100 * self.right / self.links, 1)

    @property
    def recall(self) -> float:
        """Percent of those there are that are suspected, to one place."""
        return round(100 * self.right / self.so, 1)


@dataclass(frozen=True, slots=True)
class MisuseRule:
    """How long a registration office has to look into a claim that somebody's name was used, and what follows."""

    code: str
    in_force_from: date
    within: Period
    basis: Basis
    revocation: Basis


@dataclass(frozen=True, slots=True)
class PermitRule:
    """One permit and the industries (GB/T 4754-2017 codes or their beginnings) that need it.

    Any of ``titles`` satisfies it, also under an older name; ``unless`` says in words when none is needed.
    """

    code: str
    in_force_from: date
    title: str
    titles: tuple[str, ...]
    industries: tuple[str, ...]
    basis: Basis
    unless: str = ""

    def needed_by(self, industry: str) -> bool:
        return bool(industry) and industry.startswith(self.industries)

    def met_by(self, title: str) -> bool:
        return title in self.titles


@dataclass(frozen=True, slots=True)
class Validity:
    """How a permit stands on a day, in words and colour."""

    code: str
    title: str
    tone: str


VALID = Validity("valid", "有效", "ok")
EXPIRING = Validity("soon", "60 日内到期", "warn")
EXPIRED = Validity("expired", "已过期", "late")
UNDATED = Validity("undated", "未载有效期", "plain")
ENDED = Validity("ended", "已失效", "done")
DELETED = Validity("deleted", "已由部门删除", "done")
VALIDITIES = (VALID, EXPIRING, EXPIRED, UNDATED, ENDED, DELETED)

DELETED_STATE = "deleted"
"""The department that reported the permit took the row back: it is held no longer, and it is told who said so where."""

STATES = {
    "valid": "有效",
    "invalid": "无效",
    "lapsed": "失效",
    "closed": "已注销",
    "revoked": "已吊销",
    "cancelled": "已撤销",
    "suspended": "已暂扣",
    DELETED_STATE: DELETED.title,
}
ENDED_STATES = frozenset(STATES) - {"valid", "lapsed"}
"""A permit its issuer ended or its department deleted. ``lapsed`` is left to its day, if it has one: it ended because
that day passed."""


FOREVER = date(2099, 1, 1)
"""From here on a last day means "no end": published lists write 2099-12-31 or 9999-12-31 for it."""
ENDLESS = "长期有效"
UNSAID_END = UNDATED.title


def last_day(until: date | None) -> date | str:
    """The last day of a permit, or what stands for one: no end, or nothing said of it."""
    if until is None:
        return UNSAID_END
    return ENDLESS if until >= FOREVER else until


def validity(until: date | None, state: str, today: date) -> Validity:
    """How a permit valid until the end of ``until`` stands today; what its issuer ended stays ended."""
    if state == DELETED_STATE:
        return DELETED
    if state in ENDED_STATES or (until is None and state == "lapsed"):
        return Validity(ENDED.code, STATES[state], ENDED.tone)
    if until is None:
        return UNDATED
    if until < today:
        return EXPIRED
    return EXPIRING if until <= today + SOON else VALID


def gaps(
    rules: Iterable[PermitRule], *, industry: str, status: str, held: Collection[tuple[str, str]]
) -> list[PermitRule]:
    """The permits an operating business of this industry should have and nobody reported; ``held`` is (title, state).

    An expired permit is no gap: it shows as expired.
    """
    if status != "active":
        return []
    standing = {title for title, state in held if state not in ENDED_STATES}
    return [rule for rule in rules if rule.needed_by(industry) and not any(map(rule.met_by, standing))]


def address_key(shown: str) -> str:
    """An address for comparing: bracketed remarks and separators gone, letters lower."""
    return re.sub(r"（[^）]*）|[\s,，.。、;；:：#\-—_]", "", shown).lower()
