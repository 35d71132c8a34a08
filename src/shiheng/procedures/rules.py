"""What guards may ask of the catalogue in force: elements of a violation, whether law wants a review, the band."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from shiheng.catalogue.boundaries import queries as boundaries
from shiheng.catalogue.discretion import Outcome, calculate
from shiheng.catalogue.lists import queries as lists
from shiheng.catalogue.lists.definition import LENIENCY, Leniency, ReviewItem
from shiheng.catalogue.lists.review import CaseFacts, needs_legal_review
from shiheng.catalogue.violations import SCALES, VIOLATIONS, Scale, Violation
from shiheng.kernel import registry
from shiheng.kernel.errors import Missing

ASKED = frozenset(CaseFacts.__dataclass_fields__)


class Held(Protocol):
    """Where the rules come from."""

    def violation(self, code: str, on: date) -> Violation | None: ...
    def review_items(self, on: date) -> Iterable[ReviewItem]: ...
    def leniency(self, on: date) -> Iterable[Leniency]: ...
    def scale(self, code: str, on: date) -> Scale | None: ...


class InForce:
    """The catalogue as it is kept: what the lines declare, and the bureau's own boundaries over it."""

    def violation(self, code: str, on: date) -> Violation | None:
        try:
            found: Violation = lists.one(VIOLATIONS, code, on=on)
        except Missing:
            return None
        return found

    def review_items(self, on: date) -> Iterable[ReviewItem]:
        return lists.reviews(on=on)

    def leniency(self, on: date) -> Iterable[Leniency]:
        return lists.in_force(LENIENCY, on=on)

    def scale(self, code: str, on: date) -> Scale | None:
        try:
            return boundaries.used(code, on=on).scale
        except Missing:
            return None


class Declared(InForce):
    """What the lines declare and nothing over it: for a course on paper."""

    def scale(self, code: str, on: date) -> Scale | None:  # noqa: ARG002 - one scale for every violation
        try:
            found: Scale = registry.find(SCALES, boundaries.SHIPPED, on=on)
        except Missing:
            return None
        return found


class Catalogue:
    """The answers a guard gets; see ``definition.Rules``."""

    def __init__(self, held: Held | None = None) -> None:
        self._held = held or InForce()

    def elements(self, violation: str, on: date) -> tuple[str, ...]:
        found = self._held.violation(violation, on)
        return tuple(element.title for element in found.elements) if found else ()

    def reviews(self, case: Mapping[str, Any], on: date) -> tuple[str, ...]:
        known = {name: value for name, value in case.items() if name in ASKED and value is not None}
        facts = CaseFacts(**known | {"penalties": frozenset(known.get("penalties", ()))})
        return tuple(reason.item.title for reason in needs_legal_review(facts, self._held.review_items(on)))

    def band(self, violation: str, case: Mapping[str, Any], on: date) -> Outcome | None:
        found, scale = self._held.violation(violation, on), self._held.scale(violation, on)
        if found is None or scale is None or not found.ranges:
            return None
        sums = {base: int(case.get(base) or 0) for base in found.bases}
        return calculate(
            found, scale, sums=sums, factors=case.get("factors") or (), stage=case.get("stage") or "first",
            chosen=case.get("grade") or "",
        )  # fmt: skip

    def leniency(self, violation: str, on: date) -> tuple[tuple[str, str, int | None], ...]:
        held = (one for one in self._held.leniency(on) if one.violation == violation)
        return tuple((f"{one.number} {one.title}", one.part, one.months) for one in held)
