"""What a procedure is: states, steps with who may take them and what forbids them, clocks with their articles. Pure.

A line declares a procedure as law says it; the engine runs it. A *step* (办理环节) leads from state to state and
leaves a *passage* (办理记录): on which day it happened, who took it, what was found. A *limit* is a clock that some
steps start and others stop; a *halt* is time the law leaves out. A *guard* says why a step may not be taken yet, with
its article.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shiheng.accounts.permissions import Role
from shiheng.kernel.periods import Period, Roll, read_as
from shiheng.kernel.registry import declare as _declare
from shiheng.procedures.books.definition import Book, Event, Sum
from shiheng.procedures.flowing.definition import Flow, Kept, Known, Stock
from shiheng.registers.definition import choices_of, fact
from shiheng.subjects.definition import Basis

if TYPE_CHECKING:
    from shiheng.catalogue.discretion import Outcome
    from shiheng.procedures.course import Course

__all__ = [
    "ANYONE", "OPENING", "Basis", "Bond", "Book", "Event", "Figure", "Flow", "Guard", "Halt", "Kept", "Known", "Limit",
    "Money", "PartyKind", "Procedure", "Recorded", "Role", "Rules", "State", "Step", "Stock", "Sum", "Told",
    "Transition", "declare", "fact",
]  # fmt: skip

ENGINE = "procedures"
OPENING = "open"
"""The first passage of every proceeding: its being opened."""
LACKING = "lacking_"
"""What guards are told beside a step's facts: each violation a file is about with the elements nothing proves yet."""
ANYONE = (Role.WINDOW_CLERK, Role.INSPECTOR, Role.SECTION_CHIEF, Role.CITY_OFFICIAL)
"""Every officer of the bureau that handles files."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a proceeding stands; ``ended``: nothing more is owed by anyone. ``phase`` groups states on the chart."""

    code: str
    title: str
    tone: str = "wait"
    _: KW_ONLY
    ended: bool = False
    phase: str = ""


class Rules(Protocol):
    """What the catalogue in force says to a guard that asks it: of violations, sums and decisions. Pure to whom it is
    given; where a step is only looked at, there may be none, and a guard that needs it holds its peace."""

    def elements(self, violation: str, on: date) -> tuple[str, ...]:
        """The titles of the elements of a violation; none where it is not declared."""

    def reviews(self, case: Mapping[str, Any], on: date) -> tuple[str, ...]:
        """The items of the list by which such a decision needs legal review; none where it does not."""

    def band(self, violation: str, case: Mapping[str, Any], on: date) -> "Outcome | None":
        """What the discretion in force gives for a violation; nothing where it has no range. Raises ``Refused``."""

    def leniency(self, violation: str, on: date) -> "tuple[tuple[str, str, int | None], ...]":
        """The items of the list of leniency for a violation: number and title, part, months "first time" looks back."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition a step needs: ``holds`` asks the course as it stands before the step, with what the step brings.

    ``why`` is what whoever may not take it reads: what is missing, and what to do. ``of_file``: it asks only the file
    as it stands, so that it is known before the step's form is filled in.
    """

    code: str
    why: str
    holds: "Callable[[Course, Mapping[str, Any]], bool]"
    _: KW_ONLY
    basis: Basis | None = None
    of_file: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing an officer does in a file.

    ``came_from``: in which states it can be taken (none named: in every state that is not ended); ``to``: the state it
    leads to (empty: it leaves the state as it is). ``by``: the posts that may take it. ``apart_from``: steps whose
    takers may not take this one. ``officers``: how many must have been there. ``halts`` begins a time that is not
    counted, ``resumes`` ends it. ``by_public``: the person the file is for may take it too.
    ``once``: at most once in a file. ``served``: after it, what was taken before can only be corrected by another step,
    no longer taken back. ``of_party`` names the kind of party the step is taken for, each one by itself: ``party_from``
    and ``party_to`` are states of that party beside the file's; with ``whole`` the file moves to ``to`` only once every
    party of the kind is in one of these. ``adds`` names a kind of which the step puts one more into the file, called by
    its fact ``name``. ``apart_from_bound``: nor may whoever took a step in a file this one is bound to, of procedures
    whose codes begin so. ``documents`` are the forms it makes. ``chain`` are the posts an officer may lay it up to, one
    after another; the last of them takes it. A bureau sets its own. ``serves`` are forms of which the step says, by its
    facts ``way`` (a declared way of serving) and ``proof``, how they reached its party. ``by_power`` names the
    fact that is the violation: only an office of a level that holds the power to punish it may take the step.
    """

    code: str
    title: str
    came_from: tuple[str, ...] = ()
    to: str = ""
    _: KW_ONLY
    by: tuple[Role, ...] = ANYONE
    facts: type[BaseModel] | None = None
    guards: tuple[Guard, ...] = ()
    basis: Basis | None = None
    apart_from: tuple[str, ...] = ()
    officers: int = 1
    halts: str = ""
    resumes: str = ""
    by_public: bool = False
    once: bool = False
    served: bool = False
    documents: tuple[str, ...] = ()
    about: str = ""
    of_party: str = ""
    party_from: tuple[str, ...] = ()
    party_to: str = ""
    whole: tuple[str, ...] = ()
    adds: str = ""
    chain: tuple[Role, ...] = ()
    apart_from_bound: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    by_house: bool = False
    by_power: str = ""

    @property
    def party_kind(self) -> str:
        """The kind of party each passage of it is about; empty where it is about the file."""
        return self.of_party or self.adds


@dataclass(frozen=True, slots=True)
class Halt:
    """Time that is not counted in some limits: why, under which article."""

    code: str
    title: str
    _: KW_ONLY
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock: so much time from certain steps until certain others.

    ``starts`` are steps (or ``OPENING``) whose day starts it, the latest one counting; with ``since`` it starts on the
    day that fact of theirs says, with ``after`` on the day that other limit ran out unmet, with ``entered`` on the day
    the file came to that state; ``when`` asks what the starting step told whether it runs at all. With ``until`` it
    ends on the day that fact of the starting step names. ``ends`` are steps that meet it, ``ends_in`` states that do
    once the file comes to them. ``law`` says how its days are counted, as of the day it starts. ``halted`` are the
    halts that stop it. ``extended`` are steps that each add ``extension`` (the period itself unless said), ``named``
    steps that extend it to the day their fact ``until`` names. ``of_party``: a right or a duty of a citizen, not a duty
    of the bureau: it rolls past a weekend and nobody is late. ``each``: it runs for every party of its steps by itself.
    ``drafts`` names the step laid before an officer when it ends: a clock never decides.
    """

    code: str
    title: str
    number: int
    unit: str
    law: str
    basis: Basis
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    _: KW_ONLY
    since: str = ""
    after: str = ""
    until: str = ""
    entered: str = ""
    ends_in: tuple[str, ...] = ()
    when: "Callable[[Mapping[str, Any]], bool] | None" = None
    named: tuple[str, ...] = ()
    halted: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()
    extension: int = 0
    of_party: bool = False
    roll: Roll | None = None
    each: bool = False
    drafts: str = ""
    warns: tuple[int, ...] = (5, 2, 0)

    def period(self, on: date) -> Period:
        """The period as its law counts it on the day it starts."""
        return read_as(self.law, self.number, self.unit, on=on, party=self.of_party)

    def more(self, on: date) -> Period:
        """What one extension adds."""
        return read_as(self.law, self.extension or self.number, self.unit, on=on, party=self.of_party)

    @property
    def rolls(self) -> Roll | None:
        return self.roll or (Roll.REST if self.of_party else None)


@dataclass(frozen=True, slots=True)
class PartyKind:
    """Who stands in a file, 投诉人, 被投诉人, 当事人 …, or what has a course of its own in it, as goods under seizure.

    ``later``: not asked for when a file is opened; a step adds it (``Step.adds``). ``masked``: contact only for those
    who handle the file, of a reporter the name too (``hidden``). ``sealed``: the name lies sealed, everybody reads a
    code, and only the handler of the file opens it, saying why. ``subject``: a business of the register where it is
    known. ``file``: each is another file, called by its number. ``states``: where each party of the kind stands by
    itself, beginning with the first.
    """

    code: str
    title: str
    _: KW_ONLY
    masked: bool = False
    hidden: bool = False
    sealed: bool = False
    subject: bool = False
    most: int = 50
    states: tuple[State, ...] = ()
    later: bool = False
    file: bool = False

    def state(self, code: str) -> State:
        return next((held for held in self.states if held.code == code), State(code, code))


@dataclass(frozen=True, slots=True)
class Bond:
    """How a file is bound to the earlier one it is opened from.

    ``kind`` is what the earlier file calls it (``models.Link``). ``of`` are the procedures it is opened from, by the
    beginnings of their codes (none: any), and ``guards`` ask the earlier file as it stands. ``needed``: it is never
    opened by itself. ``parties`` pairs their kinds of party with ours and ``facts`` their facts with ours, to be filled
    in from what is known; ``unit`` names the fact of ours that takes the office of the earlier file. ``through`` names
    kinds of link: what the earlier file was itself bound to so, ours is bound to as well. ``picked``: such files are
    opened from many at once, picked on the desk, with these facts in each. ``carries``: evidence of the earlier file
    can be used in ours. ``back`` names the step the house itself takes in the earlier file (``Step.by_house``) whenever
    one of the steps in ``news`` is taken in ours, or taken back. After one of the steps ``asked_after`` in the earlier
    file its page asks for ours until it is opened. ``listed``
    names a register in which the business of the earlier file must stand.
    """

    kind: str
    of: tuple[str, ...] = ()
    _: KW_ONLY
    guards: tuple[Guard, ...] = ()
    needed: bool = False
    parties: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    through: tuple[str, ...] = ()
    picked: tuple[tuple[str, str], ...] = ()
    carries: bool = False
    back: str = ""
    news: tuple[str, ...] = ()
    undo: str = ""
    undone_by: tuple[str, ...] = ()
    asked_after: tuple[str, ...] = ()
    listed: str = ""

    def takes(self, code: str) -> bool:
        """Whether a file of that procedure can be the earlier one."""
        return not self.of or code.startswith(self.of)

    def told_by(self, step: str) -> str:
        """The step the house takes in the earlier file after one of ours; none for most."""
        return self.back if step in self.news else self.undo if step in self.undone_by else ""


@dataclass(frozen=True, slots=True)
class Money:
    """Which steps say what a party owes and what it paid: sums in fen, by their facts.

    ``decided`` says the sums ``owed``; ``paid`` says ``amount`` (of it ``late``, beside what was owed) under the number
    of a receipt, ``slip``.
    """

    decided: str
    owed: tuple[str, ...]
    paid: str
    amount: str = "amount"
    late: str = "late"
    slip: str = "slip"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what a file comes to: a title, and words, a sum in fen or a range of sums."""

    title: str
    value: str | int | tuple[int, int]
    tone: str = "plain"
    of: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What can be reckoned of a file as it stands, shown beside its clocks: what is owed, what nothing proves yet.

    ``lines`` is given the course and, as a guard is, ``day_``, ``calendar_`` and ``rules_``, and ``earlier_`` where the
    procedure has a ``history`` (nothing where the file names no business); it returns none where there is nothing to
    say. ``names`` are the parties' names by number.
    """

    title: str
    lines: "Callable[[Course, Mapping[str, Any], Mapping[int, str]], Sequence[Told]]"
    _: KW_ONLY
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a file puts into the file of a business: one record of ``kind`` for every party ``of`` that kind, or for the
    business the file is about where none is named.

    ``tells`` is given the course, the party's number (none for the file's own business) and what only the room knows:
    ``number`` and ``bureau`` of the file, and ``paper`` to ask for the number of the latest form made for a party. It
    returns ``day``, ``state``, ``title``, perhaps ``until``, and ``facts``; or nothing as long as there is nothing.
    """

    kind: str
    tells: "Callable[[Course, int | None, Mapping[str, Any]], Mapping[str, Any] | None]"
    of: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """How files go on when a newer version comes into force: those opened earlier keep theirs unless ``moves``.

    Where the law leaves it open, ``choices`` are steps by whose day a bureau may choose to find the version instead of
    by the day of receipt. Nothing moves before it was shown and confirmed.
    """

    moves: bool = False
    says: str = ""
    basis: Basis | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One procedure in force from a day; a file keeps the version of the day it was received.

    ``bond``: how it is bound to the file it is opened from. ``tells`` names the fact the files it is bound to show of
    it, ``counted_by`` the facts its files are counted by: the first two also against each other. ``public``: anybody
    may send such a letter by the net, of which these facts are filled in and not asked; none where nobody may.
    ``by_owner``: a business opens such a file for itself, signed in.
    ``shelf``: which step says under which fact where the ended file stands in the archive.
    ``flows`` are the registers its files write to by themselves, ``book`` its ledger. ``sealed_to``: its files exist
    for nobody but the handler of each and these posts. ``history`` names the steps that count as earlier dealings with
    a business.
    """

    code: str
    title: str
    in_force_from: date
    about: str
    facts: type[BaseModel]
    first: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    limits: tuple[Limit, ...] = ()
    halts: tuple[Halt, ...] = ()
    parties: tuple[PartyKind, ...] = ()
    basis: tuple[Basis, ...] = ()
    opened_by: tuple[Role, ...] = ANYONE
    series: str = ""
    group: str = "files"
    title_from: str = ""
    transition: Transition = field(default_factory=Transition)
    signature: str = ""
    bond: Bond | None = None
    tells: str = ""
    counted_by: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    money: Money | None = None
    records: tuple[Recorded, ...] = ()
    public: Mapping[str, Any] | None = field(default=None, hash=False)
    by_owner: bool = False
    shelf: tuple[str, str] = ("", "")
    flows: tuple[Flow, ...] = ()
    book: Book | None = None
    sealed_to: tuple[Role, ...] = ()
    history: tuple[str, ...] = ()
    _by_code: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _from: dict[str, tuple[Step, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = (("state", self.states), ("step", self.steps), ("limit", self.limits))
        self._by_code.update({(what, one.code): one for what, held in named for one in held})
        self._check_names()
        self._check_bond()
        self._check_book()
        self._check_limits()

    def _check_names(self) -> None:
        states, steps = [s.code for s in self.states], [s.code for s in self.steps]
        for what, codes in (("states", states), ("steps", steps), ("limits", [one.code for one in self.limits])):
            if len(set(codes)) != len(codes):
                raise ValueError(f"procedure {self.code}: {what} repeat")
        if OPENING in steps or self.first not in states or self.state(self.first).ended:
            raise ValueError(f"procedure {self.code}: begins in {self.first!r}")
        self._check_told()
        halts = {halt.code for halt in self.halts}
        for step in self.steps:
            unknown = {*step.came_from, *filter(None, (step.to,))} - set(states)
            unknown |= set(step.apart_from) - {OPENING, *steps}
            unknown |= {*filter(None, (step.halts, step.resumes))} - halts
            if step.party_kind:
                kind = self.party(step.party_kind)
                held = {state.code for state in kind.states} if kind else set()
                unknown |= {*step.party_from, *step.whole, *filter(None, (step.party_to,))} - held
                unknown |= set() if kind else {step.party_kind}
            if step.chain and step.chain[-1] not in step.by:
                unknown.add(str(step.chain[-1]))
            if step.adds and "name" not in (step.facts.model_fields if step.facts else {}):
                unknown.add("name")
            if unknown:
                raise ValueError(f"procedure {self.code}: step {step.code} names {sorted(unknown)}")

    def _check_told(self) -> None:
        if self.title_from and self.title_from not in self.facts.model_fields:
            raise ValueError(f"procedure {self.code}: no fact {self.title_from!r} to be called by")
        if unknown := {*self.counted_by, *filter(None, (self.tells,))} - set(self.told):
            raise ValueError(f"procedure {self.code}: nothing tells {sorted(unknown)}")
        if any(self.shelf) and self.shelf not in {
            (s.code, n) for s in self.steps if s.facts for n in s.facts.model_fields
        }:
            raise ValueError(f"procedure {self.code}: no shelf {self.shelf}")

    def _check_bond(self) -> None:
        bond = self.bond
        if bond and (strange := {*bond.news, *bond.undone_by} - {step.code for step in self.steps}):
            raise ValueError(f"procedure {self.code}: its bond tells of {sorted(strange)}")
        if bond and (unknown := {ours for _theirs, ours in bond.facts} - set(self.facts.model_fields)):
            raise ValueError(f"procedure {self.code}: its bond fills {sorted(unknown)}")

    def _check_book(self) -> None:
        if self.book is None:
            return
        steps = {step.code for step in self.steps}
        unknown = {step for event in self.book.events for step in event.steps} - steps
        unknown |= {step for one in self.book.sums for step in one.steps} - steps
        unknown |= {*self.book.by, *(name for one in self.book.sums for name in one.facts)} - set(self.told)
        unknown |= {one.event for one in self.book.sums} - {event.code for event in self.book.events}
        if unknown:
            raise ValueError(f"procedure {self.code}: its ledger names {sorted(unknown)}")

    def _check_limits(self) -> None:
        steps = {OPENING, *(s.code for s in self.steps)}
        halts = {halt.code for halt in self.halts}
        limits = {limit.code for limit in self.limits}
        for limit in self.limits:
            unknown = {*filter(None, (limit.after,))} - limits
            unknown |= {*limit.starts, *limit.ends, *limit.extended, *filter(None, (limit.drafts,))} - steps
            unknown |= set(limit.halted) - halts
            unknown |= {*limit.named} - steps
            unknown |= {*limit.ends_in, *filter(None, (limit.entered,))} - {state.code for state in self.states}
            begins, ends = limit.starts or limit.after or limit.entered, limit.ends or limit.ends_in
            if unknown or not begins or not ends:
                raise ValueError(f"procedure {self.code}: limit {limit.code} names {sorted(unknown)}")
            limit.period(self.in_force_from)

    @property
    def told(self) -> dict[str, FieldInfo]:
        """Every fact the opening or some step tells, by its name; where several tell one, as whichever offers most."""
        found: dict[str, FieldInfo] = {}
        for model in (self.facts, *(step.facts for step in self.steps if step.facts)):
            for name, info in model.model_fields.items():
                if name not in found or len(choices_of(info)) > len(choices_of(found[name])):
                    found[name] = info
        return found

    def state(self, code: str) -> State:
        """A state by its code; one of an earlier version is called by its code."""
        found: State | None = self._by_code.get(("state", code))
        return found or State(code, code)

    def step(self, code: str) -> Step | None:
        return self._by_code.get(("step", code))

    def limit(self, code: str) -> Limit | None:
        return self._by_code.get(("limit", code))

    def party(self, code: str) -> PartyKind | None:
        return next((held for held in self.parties if held.code == code), None)

    def halt(self, code: str) -> Halt:
        return next((held for held in self.halts if held.code == code), Halt(code, code))

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """Every step whose states allow it, whoever may take it and whatever else is missing."""
        if state not in self._from:
            everywhere = not self.state(state).ended
            held = (s for s in self.steps if state in s.came_from or (everywhere and not s.came_from))
            self._from[state] = tuple(held)
        return self._from[state]


def declare(procedure: Procedure) -> Procedure:
    """Hold a procedure; what a line's ``procedures.py`` calls."""
    _declare(ENGINE, procedure)
    return procedure


def told(name: str, *values: Any) -> "Callable[[Course, Mapping[str, Any]], bool]":
    """A condition: the step says ``name`` (one of ``values`` where they are given)."""
    return lambda _course, given: given.get(name) in values if values else bool(given.get(name))


def done(*steps: str) -> "Callable[[Course, Mapping[str, Any]], bool]":
    """A condition: one of these steps was taken."""
    return lambda course, _given: course.has(*steps)


def proved() -> "Callable[[Course, Mapping[str, Any]], bool]":
    """A condition: every element of what the file is about has evidence (``lacking_``: those that have none)."""
    return lambda _course, given: not given.get(LACKING)


def run_out(
    limit: str, *, when: "Callable[[Course, Mapping[str, Any]], bool] | None" = None
) -> "Callable[[Course, Mapping[str, Any]], bool]":
    """A condition: the clock has run out before the day of the step; asked only ``when`` that holds."""

    def holds(course: "Course", given: Mapping[str, Any]) -> bool:
        if when is not None and not when(course, given):
            return True
        calendar, day = given.get("calendar_"), given.get("day_")
        if calendar is None or day is None:
            return True  # asked only whether the step is open at all
        held = course.procedure.limit(limit)
        clock = course.clock(limit, calendar, given.get("party_") if held and held.each else None)
        end = clock.receipt.due_day if clock else None
        return end is not None and day > end

    return holds


def in_time(limit: str) -> "Callable[[Course, Mapping[str, Any]], bool]":
    """A condition: the clock has not run out before the day of the step, or was never started."""
    over = run_out(limit)

    def holds(course: "Course", given: Mapping[str, Any]) -> bool:
        if given.get("calendar_") is None or given.get("day_") is None:
            return True
        return not over(course, given)

    return holds


def reached(procedure: Procedure, states: Sequence[str]) -> set[str]:
    """The states that can be reached from these by any steps, guards aside."""
    found, left = set(states), list(states)
    while left:
        for step in procedure.steps_from(left.pop()):
            if step.to and step.to not in found:
                found.add(step.to)
                left.append(step.to)
    return found
