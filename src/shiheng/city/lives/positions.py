"""Who holds which position in a business from when to when: the register's list of persons.

Whoever truly decides is not in it by name: a nominee stands there, and gives away who it is for by the telephone. Firms
registered in strangers' names all leave the agent's. An agent by trade leaves one number at a hundred doors. Nothing is
given away where a bookkeeper's number is left for several clients, a family has one, or a number was another's before.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from shiheng.city import definition as d
from shiheng.city import persons
from shiheng.city.draw import between, stream
from shiheng.city.lives import people
from shiheng.city.lives.model import Life, chance
from shiheng.city.persons import Person

POSITION = "position"
_HEADS = {"individual": "经营者", "branch": "负责人"}
NUMBERED, PARTNERED, BROKERED, AGENTS = 0.97, 0.35, 0.08, 12


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a position, with the telephone left for it; ``share`` of a hundred of the capital, if any."""

    title: str
    who: Person
    phone: str
    share: int = 0


def live(rng: Random, life: Life) -> None:
    subject = life.subject
    entries = [change for change in subject.history if "rep_key" in change.values]
    until: list[date | None] = [*(later.day for later in entries[1:]), None]
    left = people.phone_of(subject.controller)
    for place, (entry, end) in enumerate(zip(entries, until, strict=True)):
        head = Person(entry.values["rep_key"], entry.values["rep"])
        theirs = subject.telephone if place == 0 else ""
        own = left if subject.fake else people.phone_of(theirs or head.key)
        _seat(rng, life, Seat(_HEADS.get(subject.kind, "法定代表人"), head, own), entry.day, end)
    if subject.kind not in ("enterprise", "cooperative"):
        return
    first = Person(entries[0].values["rep_key"], entries[0].values["rep"])
    for seat in _beside(rng, life, first, left):
        _seat(rng, life, seat, subject.established, None)


def _beside(rng: Random, life: Life, head: Person, left: str) -> list[Seat]:
    """Shareholders, the supervisor, who is called, and who handed the papers in."""
    k = life.subject.k
    partner = persons.person(rng, f"{head.key}-partner{k}")
    share = between(rng, 51, 90) if chance(rng, PARTNERED) else 100
    seats = [Seat("股东", head, people.phone_of(head.key), share)]
    if share < 100:
        seats += [Seat("股东", partner, people.phone_of(partner.key), 100 - share), Seat("监事", partner, "")]
    seats.append(Seat("联络员", head, _books(life) if _kept(life) else left))
    if life.subject.fake or chance(rng, BROKERED):
        seats.append(Seat("委托代理人", *_agent(life.subject.controller if life.subject.fake else f"{k % AGENTS}")))
    return seats


def _kept(life: Life) -> bool:
    """Whether the register was left the number of whoever keeps the books."""
    subject = life.subject
    plain = subject.kind == "enterprise" and not subject.fake and not subject.shown
    return plain and chance(stream(0, "bookkept", subject.uscc), d.BOOKKEPT)


def _books(life: Life) -> str:
    """The telephone of a bookkeeper of the town, who has some of its firms."""
    subject = life.subject
    town = life.said(subject.established)["town"]
    return people.phone_of(f"books-{subject.k // (d.BLOCK * d.BOOKKEEPER_BLOCKS)}-{town}")


def _agent(key: str) -> tuple[Person, str]:
    """An agent by trade, or whoever registered firms in strangers' names."""
    made = persons.person(stream(0, "agent", key), key if key.endswith("agent") else f"agent-{key}")
    return made, people.phone_of(made.key)


def _seat(rng: Random, life: Life, seat: Seat, day: date, end: date | None) -> None:
    number = people.number_of(seat.who.key) if chance(rng, NUMBERED) else ""
    capital = life.said(day)["capital"] or 0
    held = life.add(
        POSITION, f"RY{life.number(POSITION)}", day, title=seat.title, name=seat.who.name, number=number,
        phone=seat.phone, fen=capital * seat.share // 100 if seat.share else 0, until=None,
    )  # fmt: skip
    if held and end and end <= life.until:
        held.then(end, until=end)
