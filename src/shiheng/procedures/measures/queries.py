"""Which measures mean somebody: the business by its records and entries, a person by the digest of the number.

Nothing is found that the catalogue does not name for the procedure that asks. A name alone never tells a person: such a
find is one to look into, and holds up nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from shiheng.accounts.jurisdictions import narrow
from shiheng.accounts.permissions import May, Who
from shiheng.catalogue.measures.definition import ENGINE, REGISTER, CreditMeasure
from shiheng.kernel import registry
from shiheng.ledger import keyring
from shiheng.procedures.measures.models import Heeded
from shiheng.procedures.models import Party, Proceeding
from shiheng.registers.contents import register_of
from shiheng.registers.models import Entry
from shiheng.subjects import layout
from shiheng.subjects.definition import DELETED_STATE
from shiheng.subjects.models import Record, Relation
from shiheng.subjects.persons import key_of
from shiheng.subjects.queries import family_of, place_of

REPRESENTATIVE = ("representative",)
NUMBER = "id"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person who comes to a procedure: by name, and by the digest of the number where one is known."""

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Find:
    """One measure and the entry that brings it."""

    measure: CreditMeasure
    listed: str
    place: str
    title: str
    person: bool = False
    sure: bool = True
    until: date | None = None


def all_on(day: date) -> tuple[CreditMeasure, ...]:
    """Every measure in force on a day."""
    held = registry.all_of(ENGINE, on=day)
    return tuple(one for one in held if one.until is None or one.until > day)


def asked(procedure: str, day: date) -> list[CreditMeasure]:
    """What the catalogue names for a procedure."""
    return [one for one in all_on(day) if one.effect != "none" and one.asked_at(procedure)]


def meaning(procedure: str, firms: Sequence[int], people: Iterable[Somebody], day: date) -> list[Find]:
    """Every measure asked for at a procedure that means one of them, by the entry that says so."""
    measures = asked(procedure, day)
    if not measures:
        return []
    families = [pk for firm in firms for pk in family_of(firm).values_list("pk", flat=True)]
    firm_lists = {listed for one in measures if one.means_firm for listed in one.lists}
    person_lists = {listed for one in measures if one.means_person for listed in one.lists}
    held = _of_firms(families, firm_lists, day)
    persons = _of_people([*people, *_representatives(families)], person_lists, day) if person_lists else {}
    found = []
    for one in measures:
        for listed in one.lists:
            if one.means_firm:
                found += [Find(one, listed, *line) for line in held.get(listed, ())]
            if one.means_person:
                found += [Find(one, listed, place, title, True, sure, until)
                          for place, title, sure, until in persons.get(listed, ())]  # fmt: skip
    return found


def of_file(found: Proceeding, day: date) -> list[Find]:
    """The same for everybody who stands in a file."""
    rows = list(found.parties.filter(gone=False))
    named = {row.subject_id for row in rows} | {found.subject_id}
    people = [_somebody(row) for row in rows if not row.subject_id]
    return meaning(found.procedure, sorted(pk for pk in named if pk is not None), people, day)


def _somebody(row: Party) -> Somebody:
    number = row.facts.get(NUMBER) if isinstance(row.facts, dict) else None
    plain = keyring.unsealed(number) if number else ""
    return Somebody(row.name, key_of(plain) if plain else "")


def _representatives(firms: Sequence[int]) -> list[Somebody]:
    """Who answers for a business now; a person whose number nobody told is known by name only."""
    rows = Relation.objects.filter(subject__in=firms, role__in=REPRESENTATIVE, current=True, person__isnull=False)
    return [
        Somebody(row.person.name, row.person.key if row.person.key.startswith("id:") else "")
        for row in rows.select_related("person")
        if row.person
    ]


Line = tuple[str, str]


def _of_firms(firms: Sequence[int], lists: Iterable[str], day: date) -> dict[str, list[Line]]:
    """List → (place, title) of the entries on which these businesses stand."""
    kinds = [one for one in lists if not one.startswith(REGISTER)]
    registers = [one.removeprefix(REGISTER) for one in lists if one.startswith(REGISTER)]
    found: dict[str, list[Line]] = {}
    if kinds and firms:
        for row in Record.objects.filter(subject__in=firms, kind__in=kinds, current=True).order_by("pk"):
            if _stands(row, day):
                found.setdefault(row.kind, []).append((place_of(row), row.title))
    if registers and firms:
        for entry in _entries(registers, day).filter(subject__in=firms):
            found.setdefault(REGISTER + entry.register, []).append((f"entry:{entry.pk}", entry.title))
    return found


def _stands(row: Record, day: date) -> bool:
    if row.gone_on is not None or row.state == DELETED_STATE or (row.until is not None and row.until <= day):
        return False
    return not layout.withheld(row.kind, row.state, row.facts, day)


def _entries(registers: Sequence[str], day: date) -> "QuerySet[Entry]":
    """Entries that stand on registers on a day; one without a last day stands until it is taken off."""
    within = Q(until=None) | Q(until__gte=day)
    begun = Q(since=None) | Q(since__lte=day)
    return Entry.objects.filter(within, begun, register__in=registers, live=True, ended=False).order_by("pk")


PersonLine = tuple[str, str, bool, date | None]


def _of_people(people: Sequence[Somebody], lists: Iterable[str], day: date) -> dict[str, list[PersonLine]]:
    """List → (place, title, whether it is the same person for certain, last day) of entries that may mean them."""
    found: dict[str, list[PersonLine]] = {}
    for listed in sorted(one for one in lists if one.startswith(REGISTER)):
        held = _numbered(listed.removeprefix(REGISTER), day)
        for entry, key, name in held:
            for person in people:
                if (sure := bool(key and key == person.key)) or (name == person.name and not (key and person.key)):
                    line = (f"entry:{entry.pk}", entry.title, sure, entry.until)
                    if line not in found.setdefault(listed, []):
                        found[listed].append(line)
    return {listed: lines for listed, lines in found.items() if lines}


_kept: dict[str, tuple[tuple[Any, ...], list[tuple[Entry, str, str]]]] = {}


def _numbered(register: str, day: date) -> list[tuple[Entry, str, str]]:
    """The people on a register with the digests of their numbers, worked out anew when something was written to it."""
    rows = Entry.objects.filter(register=register, live=True)
    mark = (day, *sorted(rows.aggregate(last=Max("pk"), at=Max("changed_at"), many=Count("pk")).items()))
    kept = _kept.get(register)
    if kept is None or kept[0] != mark:
        version = register_of(register, on=day)
        facts = [name for name, kind in version.personal.items() if kind == NUMBER]
        people = []
        for entry in _entries([register], day):
            number = next((keyring.unsealed(entry.facts[name]) for name in facts if entry.facts.get(name)), "")
            people.append((entry, key_of(number) if number else "", entry.title))
        kept = _kept[register] = (mark, people)
    return kept[1]


# -- what was found


def visible_to(who: Who) -> "QuerySet[Heeded]":
    """What was found in the files of the reader's territory."""
    return narrow(Heeded.objects.select_related("proceeding"), who, May.READ_FILES, field="proceeding__scope")


def of_proceeding(found: Proceeding) -> list[Heeded]:
    return list(Heeded.objects.filter(proceeding=found).order_by("pk"))


def measure_of(row: Heeded) -> CreditMeasure:
    """The very version of a measure that was found."""
    held: CreditMeasure = registry.version(ENGINE, row.measure, row.version)
    return held
