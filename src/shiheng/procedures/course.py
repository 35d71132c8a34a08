"""How a file goes: from its passages to where it stands, what may be done next, and every clock with its receipt. Pure.

A course is nothing but its procedure and its passages in the order they were entered; it is read anew each time, so a
passage taken back, or entered late, changes everything that follows from it and nothing is left of what it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel

from shiheng.kernel.calendars import Calendar
from shiheng.kernel.periods import Days, Extension, Pause, Receipt, due
from shiheng.procedures.definition import OPENING, Basis, Guard, Limit, Procedure, Rules, Step


@dataclass(frozen=True, slots=True)
class Party:
    """Someone who stands in the file, by number; ``kind`` is one of the procedure's, ``added`` the passage that put it
    there (nothing: it stood there from the first)."""

    number: int
    kind: str
    added: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One step taken: ``day`` is when it happened, ``at`` when it was entered. ``void``: taken back."""

    number: int
    step: str
    day: date
    at: datetime
    actor: str
    officers: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    party: int | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who took a step in a file this one is bound to: of which procedure, under which number."""

    actor: str
    procedure: str
    number: str


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a step may not be taken: in words, with the guard and article where there is one."""

    code: str
    why: str
    guard: Guard | None = None
    law: Basis | None = None

    @property
    def basis(self) -> Basis | None:
        return self.guard.basis if self.guard else self.law


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit as it runs: what started it, when it is due, and what met it."""

    limit: Limit
    started: Passage
    receipt: Receipt
    met: Passage | None = None
    party: int | None = None

    @property
    def running(self) -> bool:
        return self.met is None

    @property
    def waiting(self) -> bool:
        """Stopped by a halt that has not ended."""
        return self.running and self.receipt.due is None

    def late(self, today: date) -> int:
        """By how many days it is, or was, missed; 0 where it is not. A citizen's right is nobody's duty."""
        end = self.receipt.due_day
        if end is None or self.limit.of_party:
            return 0
        return max(((self.met.day if self.met else today) - end).days, 0)

    def left(self, today: date) -> int | None:
        """Days until it is due, negative when past; nothing when it is met or stopped."""
        end = self.receipt.due_day
        return (end - today).days if end is not None and self.running else None


@dataclass(frozen=True)
class Course:
    """A procedure and what was done under it.

    ``bound``: who worked in the files this one is bound to; asked of the step to be taken only, for what somebody does
    there later undoes nothing that was done here.
    """

    procedure: Procedure
    passages: tuple[Passage, ...] = ()
    parties: tuple[Party, ...] = ()
    bound: tuple[Hand, ...] = ()

    @cached_property
    def live(self) -> tuple[Passage, ...]:
        """What was not taken back."""
        return tuple(passage for passage in self.passages if not passage.void)

    @cached_property
    def standing(self) -> tuple[Party, ...]:
        """The parties there are: one that was added by a step taken back is not."""
        live = {passage.number for passage in self.live}
        return tuple(party for party in self.parties if party.added is None or party.added in live)

    @cached_property
    def _stands(self) -> tuple[str, dict[int, str], list[tuple[str, Passage]]]:
        """Where the file stands, where each party that has states of its own, and what brought the file from state to
        state."""
        came: list[tuple[str, Passage]] = []
        state, kinds = self.procedure.first, {party.number: party.kind for party in self.standing}
        first = {kind.code: kind.states[0].code for kind in self.procedure.parties if kind.states}
        added = {party.added: party for party in self.standing if party.added is not None}
        parties = {p.number: first[p.kind] for p in self.standing if p.added is None and p.kind in first}
        for passage in self.live:
            step = self.procedure.step(passage.step)
            if step is None:
                continue
            if (more := added.get(passage.number)) and more.kind in first:
                parties[more.number] = first[more.kind]
            if step.party_to and passage.party in parties:
                parties[passage.party] = step.party_to
            of_kind = (held for number, held in parties.items() if kinds[number] == step.party_kind)
            if step.to and (not step.whole or all(held in step.whole for held in of_kind)):
                came += [(step.to, passage)] if step.to != state else []
                state = step.to
        return state, parties, came

    @property
    def state(self) -> str:
        """Where the file stands."""
        return self._stands[0]

    @property
    def ended(self) -> bool:
        return self.procedure.state(self.state).ended

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Everything that was said, the latest saying of each; what a step calls by the name of another thing the file
        was opened with is its own.
        """
        told: dict[str, Any] = {}
        for passage in self.live:
            step = self.procedure.step(passage.step)
            own = _own_names(self.procedure.facts, step.facts) if step and step.facts else frozenset()
            told |= {name: value for name, value in passage.facts.items() if name not in own} if own else passage.facts
        return told

    @property
    def opened(self) -> Passage | None:
        return next((passage for passage in self.live if passage.step == OPENING), None)

    def last(self, *steps: str, party: int | None = None) -> Passage | None:
        """The latest passage of any of these steps."""
        return next((passage for passage in reversed(self.taken(*steps, party=party))), None)

    def taken(self, *steps: str, party: int | None = None) -> tuple[Passage, ...]:
        """Every passage of these steps, of one party where it is named."""
        return tuple(p for p in self.live if p.step in steps and (party is None or p.party == party))

    def has(self, *steps: str, party: int | None = None) -> bool:
        return bool(self.taken(*steps, party=party))

    def since(self, step: str, *steps: str) -> bool:
        """Whether any of ``steps`` was taken after the latest ``step`` (or that was never taken)."""
        first = self.last(step)
        return any(passage.number > (first.number if first else 0) for passage in self.taken(*steps))

    def served_since(self, number: int) -> Step | None:
        """The first step from this passage on whose document was served: what lies before it stays as it is."""
        steps = (self.procedure.step(p.step) for p in self.live if p.number >= number)
        return next((step for step in steps if step is not None and step.served), None)

    def of_kind(self, kind: str) -> tuple[int, ...]:
        return tuple(party.number for party in self.standing if party.kind == kind)

    def party_state(self, number: int) -> str:
        """Where one party stands by itself; empty where its kind has no states."""
        return self._stands[1].get(number, "")

    @property
    def next_party(self) -> int:
        """The number of the party a step adds; one that was taken back keeps its number."""
        return max((party.number for party in self.parties), default=0) + 1

    # -- what may be done

    def objections(
        self,
        step: Step,
        *,
        actor: str = "",
        party: int | None = None,
        facts: Mapping[str, Any] | None = None,
        officers: Sequence[str] = (),
        day: date | None = None,
        calendar: Calendar | None = None,
        rules: Rules | None = None,
    ) -> list[Objection]:
        """Why ``step`` may not be taken now; nothing where it may. Posts are not asked for: see ``Step.by``.

        Guards are given the step's facts, and beside them ``party_``, ``day_``, ``calendar_`` and ``rules_``. How many
        must be there is asked once the facts are told.
        """
        found = []
        if step not in self.procedure.steps_from(self.state):
            told = self.procedure.state(self.state).title
            found.append(Objection("state", f"案卷现在是“{told}”，不能办理“{step.title}”。"))
            return found
        if step.once and self.has(step.code, party=party):
            found.append(Objection("once", f"“{step.title}”已经办理过，只能办一次。"))
        if step.of_party and party is not None:
            found += self._party_objections(step, party)
        if step.halts and self.halted(step.halts, party) is not None:
            found.append(Objection("halted", f"“{self.procedure.halt(step.halts).title}”还没有结束，不能再次开始。"))
        if step.resumes and self.halted(step.resumes, party) is None:
            found.append(Objection("running", f"没有正在进行的“{self.procedure.halt(step.resumes).title}”。"))
        if actor and (own := self._own(step, actor, officers)):
            found.append(Objection("apart", f"“{step.title}”不能由办过“{own}”的人办理，请交其他人。"))
        if facts is not None and actor and len({actor, *officers}) < step.officers:
            found.append(Objection("officers", f"“{step.title}”须有 {step.officers} 名工作人员在场，请写明另一人。"))
        given = {**(facts or {}), "party_": party, "day_": day, "calendar_": calendar, "rules_": rules}
        found += [Objection(g.code, g.why, g) for g in step.guards if not g.holds(self, given)]
        return found

    def _party_objections(self, step: Step, party: int) -> list[Objection]:
        if party not in self.of_kind(step.of_party):
            return [Objection("party", "案卷里没有这一方。")]
        stands = self.party_state(party)
        kind = self.procedure.party(step.of_party)
        if step.party_from and stands not in step.party_from and kind:
            return [Objection("party", f"该当事人现在是“{kind.state(stands).title}”，不能办理“{step.title}”。")]
        return []

    def _own(self, step: Step, actor: str, officers: Sequence[str]) -> str:
        """The title of a step whose taker ``actor`` was and which may not be taken by the same person."""
        people = {actor, *officers}
        for code in step.apart_from:
            if any(people & {passage.actor, *passage.officers} for passage in self.taken(code)):
                held = self.procedure.step(code)
                return held.title if held else "立案登记"
        if not step.apart_from_bound:
            return ""
        own = (hand for hand in self.bound if hand.actor in people and hand.procedure.startswith(step.apart_from_bound))
        return next((hand.number for hand in own), "")

    def halted(self, halt: str, party: int | None = None) -> Passage | None:
        """The passage that began a halt which has not ended; of any halt, and of any party, where none is named."""
        begun: dict[tuple[str, int | None], Passage] = {}
        for passage in self.live:
            step = self.procedure.step(passage.step)
            if step is None or (party is not None and passage.party not in {None, party}):
                continue
            if step.halts and halt in {"", step.halts}:
                begun[step.halts, passage.party] = passage
            if step.resumes:
                begun.pop((step.resumes, passage.party), None)
        return next(iter(begun.values()), None)

    def after(self, passage: Passage) -> "Course":
        """The course with one passage more, and with the party it adds."""
        step = self.procedure.step(passage.step)
        parties = self.parties
        if step is not None and step.adds and all(party.number != passage.party for party in parties):
            parties = (*parties, Party(passage.party or 0, step.adds, passage.number))
        return replace(self, passages=(*self.passages, passage), parties=parties)

    def without(self, number: int) -> "Course":
        """The course as if one passage had never been."""
        gone = [replace(p, void=True) if p.number == number else p for p in self.passages]
        return replace(self, passages=tuple(gone))

    def broken(self, calendar: Calendar | None = None, rules: Rules | None = None) -> Passage | None:
        """The first passage that does not follow from those before it; nothing in a sound course."""
        held = Course(self.procedure, parties=tuple(party for party in self.parties if party.added is None))
        for passage in self.live:
            step = self.procedure.step(passage.step)
            if passage.step != OPENING and (
                step is None
                or held.objections(step, actor=passage.actor, party=passage.party, facts=passage.facts,
                                   officers=passage.officers, day=passage.day, calendar=calendar, rules=rules)
            ):  # fmt: skip
                return passage
            held = held.after(passage)
        return None

    def latest_day(self) -> date | None:
        """The day of the latest passage that led to another state: what follows cannot have happened before it."""
        days = [p.day for p in self.live if p.step == OPENING or ((s := self.procedure.step(p.step)) and s.to)]
        return max(days, default=None)

    # -- its clocks

    def pauses(self, limit: Limit, party: int | None = None) -> tuple[Pause, ...]:
        """The time this limit leaves out; of one party, what halts that party or the whole file."""
        found: list[Pause] = []
        begun: dict[tuple[str, int | None], Passage] = {}
        for passage in self.live:
            step = self.procedure.step(passage.step)
            if step is None or (party is not None and passage.party not in {None, party}):
                continue
            if step.halts in limit.halted and step.halts:
                begun[step.halts, passage.party] = passage
            if held := begun.pop((step.resumes, passage.party), None):
                found.append(self._pause(step.resumes, held, passage.day))
        return (*found, *(self._pause(halt, passage, None) for (halt, _party), passage in begun.items()))

    def _pause(self, code: str, passage: Passage, last: date | None) -> Pause:
        halt = self.procedure.halt(code)
        document = str(passage.facts.get("document", ""))
        return Pause(passage.day, last, halt.title, document, str(halt.basis) if halt.basis else "")

    def clocks(self, calendar: Calendar) -> tuple[Clock, ...]:
        """Every clock that was ever started, as it stands, in the order of the procedure."""
        found: list[Clock] = []
        for limit in self.procedure.limits:
            parties: Sequence[int | None] = [party.number for party in self.standing] if limit.each else [None]
            found += [clock for party in parties if (clock := self._clock(limit, calendar, party)) is not None]
        return tuple(found)

    def _clock(self, limit: Limit, calendar: Calendar, party: int | None) -> Clock | None:
        came = self._stands[2]
        started = self.last(*limit.starts, party=party)
        if limit.entered:
            started = next((passage for state, passage in reversed(came) if state == limit.entered), None)
        trigger: date | datetime | None = None if started is None else started.day
        earlier: Receipt | None = None
        if limit.after and (before := self.clock(limit.after, calendar, party)):
            earlier = before.receipt
            started, trigger = before.started, None if before.met else earlier.due
        elif limit.since and started is not None:
            held = started.facts.get(limit.since)
            trigger = _moment(str(held)) if held else None
        if started is None or trigger is None or (limit.when is not None and not limit.when(started.facts)):
            return None
        on = trigger.date() if isinstance(trigger, datetime) else trigger
        longer = [
            Extension(limit.more(on), passage.actor, passage.day, str(limit.basis))
            for passage in self.taken(*limit.extended, party=party)
            if passage.number > started.number
        ]
        period = limit.period(on)
        if limit.until:
            period = Days(max((date.fromisoformat(str(started.facts[limit.until])) - on).days, 1))
        how: dict[str, Any] = {"calendar": calendar, "pauses": self.pauses(limit, party), "roll": limit.rolls}
        receipt = due(trigger, period, basis=limit.basis, extensions=longer, **how)
        for passage in self.taken(*limit.named, party=party):
            more = date.fromisoformat(str(passage.facts["until"]))
            last = receipt.last_counted
            if passage.number > started.number and isinstance(last, date) and more > last:
                days = Days((more - last).days)
                longer.append(Extension(days, passage.actor, passage.day, str(limit.basis)))
                receipt = due(trigger, period, basis=limit.basis, extensions=longer, **how)
        if earlier is not None and earlier.provisional and not receipt.provisional:
            receipt = replace(receipt, provisional=True, reason=earlier.reason)  # it starts on a day that may move
        met = next((p for p in self.taken(*limit.ends, party=party) if p.number > started.number), None)
        ended = next((p for state, p in came if state in limit.ends_in and p.number > started.number), None)
        met = min(filter(None, (met, ended)), key=lambda passage: passage.number, default=None)
        return Clock(limit, started, receipt, met, party)

    def clock(self, limit: str, calendar: Calendar, party: int | None = None) -> Clock | None:
        """One clock as it stands; nothing where it was never started."""
        held = self.procedure.limit(limit)
        return self._clock(held, calendar, party) if held else None

    def next_due(self, calendar: Calendar) -> Clock | None:
        """The duty of the bureau that falls due first; nothing in an ended file."""
        if self.ended:
            return None
        running = [c for c in self.clocks(calendar) if c.running and not c.limit.of_party and c.receipt.due_day]
        return min(running, key=lambda clock: clock.receipt.due_day or date.max, default=None)


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text or " " in text else date.fromisoformat(text)


@cache
def _own_names(opening: type[BaseModel], told: type[BaseModel]) -> frozenset[str]:
    """The names by which a step calls another thing than the file was opened with: their titles differ."""
    first, later = opening.model_fields, told.model_fields
    return frozenset(name for name in first.keys() & later.keys() if first[name].title != later[name].title)
