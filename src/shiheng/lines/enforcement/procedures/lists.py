"""The registers a case writes to beside that of goods: persons who were punished, cases others learn from."""

from datetime import date
from typing import Any

from shiheng.lines.enforcement.facts import PENALTIES
from shiheng.lines.enforcement.facts.after import CRITERIA
from shiheng.procedures.definition import Flow, Kept, Known

PERSONS, MODELS = "enforcement.punished_persons", "enforcement.model_cases"
UNDONE = ("annulled", "open")


def is_person(course: Any, number: int) -> bool:
    """Whether a party is a natural person: by how it was added, or by its notice."""
    added = next((party.added for party in course.standing if party.number == number), None)
    said = next((passage for passage in course.live if passage.number == added), None)
    noticed = course.last("notice", party=number)
    return bool((said and said.facts.get("person")) or (noticed and noticed.facts.get("person")))


def person_of(course: Any, number: int, known: Known) -> Kept | None:
    """A person who was punished, from the service of the decision on."""
    decided = course.last("decide", party=number)
    if decided is None or not is_person(course, number):
        return None
    kinds = "、".join(PENALTIES.get(code, code) for code in decided.facts.get("penalties") or ())
    state = "annulled" if course.party_state(number) in UNDONE else "on"
    added = next((party.added for party in course.standing if party.number == number), None)
    said = next((passage for passage in course.live if passage.number == added), None)
    facts = {
        "name": known.name[:60], "case": known.number[:60], "number": f"{known.number}-{number}"[:80],
        "part": str(said.facts.get("part") or "")[:200] if said else "", "penalties": kinds[:200],
        "fine": int(decided.facts.get("fine") or 0), "decided_on": decided.day.isoformat(),
    }  # fmt: skip
    return Kept(facts, state, subject=None, since=decided.day)


def model_of(course: Any, _number: int, known: Known) -> Kept | None:
    """A case that was marked as one to learn from; the mark may be taken off again."""
    marked, taken_off = course.last("mark"), course.last("unmark")
    if marked is None:
        return None
    off = taken_off is not None and taken_off.number > marked.number
    scored = course.last("score")
    points = sum(int(scored.facts.get(name) or 0) for name in CRITERIA) if scored else None
    facts: dict[str, Any] = {
        "title": marked.facts["public_title"], "kind": marked.facts["kind"], "story": marked.facts["public_story"],
        "lesson": marked.facts["lesson"], "case": known.number[:60], "points": points,
    }  # fmt: skip
    since: date = marked.day
    return Kept(
        {name: value for name, value in facts.items() if value is not None}, "off" if off else "on", since=since
    )


FLOWS = (Flow(PERSONS, "party", person_of, "withdrawn"), Flow(MODELS, "", model_of, "off"))
