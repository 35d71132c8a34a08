"""What is published of a record, masked how, by when, for how long and to whom: declared by lines of business. Pure.

A *publishable* names the facts that go out; what it does not name stays here. A *term plan* is one reading of how long
such a thing stands in public, from a day on: two readings can stand side by side, each for its own receivers.
"""

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shiheng.kernel.masking import BY_KIND, mask_address, mask_name
from shiheng.subjects.definition import Basis

PUBLISHABLES = "publishables"
TERMS = "publication_terms"
RECEIVERS = "receivers"
HIDDEN = "×" * 6
WORDS = "words"
"""The mask of free text: numbers of persons and of telephones, and the names of those who stand in the file."""

LOWER_FINE = 500_000
"""较低数额罚款 in fen: a province sets it; nobody here has, so it is a guess to be put right."""
_DAY = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID = re.compile(rf"(?<![0-9A-Za-z])[1-9]\d{{5}}{_DAY}\d{{3}}[\dXx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{14,18}(?![0-9A-Za-z])")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"  # not shown: read
_PLATE = re.compile(rf"[{_PROVINCES}][A-Z][A-Z0-9]{{5,6}}")
_HOME = re.compile(r"(?:住|家住|住址|住所为)[：:]?\s*([^，。；、\s]{6,40})")  # not shown: read


@dataclass(frozen=True, slots=True)
class Field:
    """One thing told: its name and title, where its value comes from and how it is hidden.

    ``value`` is ``subject.<field>``, ``record.<day|state|key|title>`` or ``fact.<name>``. ``kind`` is text, day or
    money (fen). ``mask`` is a kind of ``kernel.masking``, or ``words`` for free text.
    """

    name: str
    title: str
    value: str
    kind: str = "text"
    mask: str = ""

    def __post_init__(self) -> None:
        if self.mask and self.mask != WORDS and self.mask not in BY_KIND:
            raise ValueError(f"{self.name}: no such mask: {self.mask}")


@dataclass(frozen=True, slots=True)
class Due:
    """By when it is public: so many working days after the decision, on which basis."""

    code: str
    title: str
    days: int
    law: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Term:
    """How long it stands: through ``until``; without end where that is none; ``never``: it is not published at all."""

    until: date | None
    why: str
    basis: Basis
    never: bool = False


@dataclass(frozen=True, slots=True)
class TermPlan:
    """One reading of the law on terms, in force for what is published from a day on."""

    code: str
    in_force_from: date
    title: str
    of: Callable[[Mapping[str, Any], date], Term]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where notices go: its name, and by which reading of the law it counts terms (``profile``)."""

    code: str
    in_force_from: date
    title: str
    profile: str
    layouts: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Publishable:
    """Records of one kind that are published: in which states, what of them, by when, how long and to whom.

    ``terms`` are the codes of term plans by profile; that of ``own`` counts on our own pages. ``kept_out`` says of a
    record why it never is published, or nothing. ``sources`` are where its records come from; ``within``: only those
    decided so many days ago at most are drafted. ``decided`` is where the day of the decision stands.
    """

    code: str
    in_force_from: date
    title: str
    kind: str
    states: tuple[str, ...]
    shown: tuple[Field, ...]
    dues: tuple[Due, ...]
    terms: Mapping[str, str]
    receivers: tuple[str, ...]
    basis: tuple[Basis, ...]
    ended: tuple[str, ...] = ()
    number: tuple[str, ...] = ("record.key",)
    kept_out: Callable[[Mapping[str, Any]], str] | None = None
    decided: str = "record.day"
    own: str = "own"
    lead: str = ""
    sources: tuple[str, ...] = ("bureau",)
    within: int = 0


def months_after(day: date, count: int) -> date:
    """The same day so many months later, or the last of its month: through it something stands that long."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def masked(text: str, mask: str, *, names: Iterable[str] = (), strike: Iterable[str] = ()) -> str:
    """A value as it goes out: hidden after its kind, and whatever an officer struck out beside."""
    if mask == WORDS:
        text = _words(text, names)
    elif mask:
        text = BY_KIND[mask](text)
    for words in sorted({one for one in strike if one}, key=len, reverse=True):
        text = text.replace(words, "×" * min(len(words), 6))
    return text


def _words(text: str, names: Iterable[str]) -> str:
    text = _ID.sub(HIDDEN, text)
    text = _PHONE.sub(HIDDEN, text)
    text = _ACCOUNT.sub(HIDDEN, text)
    text = _PLATE.sub(lambda found: found[0][:2] + "×" * 5, text)
    text = _HOME.sub(lambda found: found[0].replace(found[1], mask_address(found[1])), text)
    for name in sorted({one for one in names if len(one) > 1}, key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return text


def leaks(text: str) -> list[str]:
    """What in a text still looks like a number of a person, a telephone or an account."""
    return [found[0] for pattern in (_ID, _PHONE, _ACCOUNT) for found in pattern.finditer(text)]


def in_wan(fen: int) -> str:
    """A sum in ten thousand yuan, six decimals: exact to the fen up to a hundred billion and beyond."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 1_000_000}.{whole % 1_000_000:06d}"
