"""A row that bears no code: whom does its name mean? Pure.

The name must be one the subject was registered under, letter for letter, and a second sign must agree. Where two
subjects agree alike nobody is chosen: a wrong penalty in a file does more harm than one that waits for a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shiheng.subjects.definition import address_key

# A district's name tells nothing between two shops of one street; a person or a door does.
_REGION_PLACES = 6


@dataclass(slots=True)
class Candidate:
    """A subject as its coded rows tell it: every value ever said of the fields that can bear out a name."""

    subject: int
    said: dict[str, set[str]] = field(default_factory=dict)


def _agrees(sign: str, value: str, said: Mapping[str, set[str]]) -> bool:
    if sign in {"address", "business_address"}:
        wanted = address_key(value)
        known = said.get("address", set()) | said.get("business_address", set())
        return any(address_key(one) == wanted for one in known)
    if sign == "region":
        return any(one[:_REGION_PLACES] == value[:_REGION_PLACES] for one in said.get("region", ()))
    return value in said.get(sign, ())


def meant(signs: Mapping[str, str], candidates: Iterable[Candidate]) -> int | None:
    """The one subject of that name with which a sign of the row agrees, or nobody.

    The stronger signs (a person, a door) are asked first; only where they name nobody is the district asked.
    """
    held = list(candidates)
    for strong in (True, False):
        asked = [(sign, value) for sign, value in signs.items() if value and (sign != "region") == strong]
        found = {c.subject for c in held for sign, value in asked if _agrees(sign, value, c.said)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None
