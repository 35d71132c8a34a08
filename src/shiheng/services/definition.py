"""What stands against a business in public, until when, and what it can do about it: declared by lines. Pure.

A *line* (一条记录) is one unfavourable record as the business finds it on its own page. A *way* (途径) is one thing it
can do about it: which procedure is opened, or which step is taken in the file the line comes of; under which
conditions, each with its article and whether it is met as far as the files tell.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any

from shiheng.kernel.periods import Receipt
from shiheng.kernel.registry import declare as _declare
from shiheng.subjects.definition import Basis

__all__ = ["ENGINE", "Basis", "Condition", "Line", "Standing", "Way", "declare"]

ENGINE = "standing"


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a business with what our own file behind it says.

    ``place`` names it wherever something is said to it; ``told`` is what the file tells of the business, ``others`` are
    its other records.
    """

    kind: str
    key: str
    title: str
    day: date | None
    state: str
    facts: Mapping[str, Any]
    _: KW_ONLY
    place: str = ""
    procedure: str = ""
    file_state: str = ""
    party_state: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    others: "tuple[Line, ...]" = ()

    @property
    def ours(self) -> bool:
        """Whether a file of ours keeps it."""
        return bool(self.procedure)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a way: ``met`` says so from what the files tell, or nothing where the applicant must show it."""

    code: str
    title: str
    basis: Basis
    met: Callable[[Line, date], bool | None]


@dataclass(frozen=True, slots=True)
class Way:
    """What can be done about a line.

    ``procedure`` is opened about it, or ``step`` is taken in its own file. ``open`` says whether it is offered now;
    ``since`` from when on it is, with its reckoning; ``until`` the last day it is. ``fills`` is what the platform
    itself writes into the application, ``asks`` the facts it asks for, ``offers`` which choices of them remain.
    """

    code: str
    title: str
    about: str
    basis: Basis
    open: Callable[[Line], bool]
    _: KW_ONLY
    procedure: str = ""
    step: str = ""
    conditions: tuple[Condition, ...] = ()
    since: Callable[[Line], Receipt | None] = lambda _line: None
    until: Callable[[Line], Receipt | None] = lambda _line: None
    fills: Callable[[Line, date], Mapping[str, Any]] = lambda _line, _day: {}
    asks: tuple[str, ...] = ()
    offers: Callable[[Line], Mapping[str, Sequence[str]]] = lambda _line: {}


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of unfavourable records: how long one stands, what it brings, what can be done.

    ``lasts`` says in words what no day tells: how a line without a last day is left. ``elsewhere``: to whom the
    business turns where another body keeps the line.
    """

    code: str
    in_force_from: date
    title: str
    effect: str
    lasts: str
    basis: tuple[Basis, ...]
    _: KW_ONLY
    until: Callable[[Line], Receipt | None] = lambda _line: None
    ways: tuple[Way, ...] = ()
    elsewhere: str = ""

    def way(self, code: str) -> Way | None:
        return next((one for one in self.ways if one.code == code), None)


def declare(standing: Standing) -> Standing:
    """Hold a kind of lines; what a line of business calls."""
    _declare(ENGINE, standing)
    return standing
