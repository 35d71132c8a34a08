"""The contents of a file and of each step in it: which model they have, and the versions of procedures in force."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import BaseModel

from shiheng.kernel import registry
from shiheng.kernel.errors import Missing, Problem
from shiheng.procedures.definition import ENGINE, OPENING, Procedure
from shiheng.registers.definition import hint_of, personal_of

CONTACT = {"phone": ("联系电话", "phone"), "address": ("通讯地址", "address"), "id": ("证件号码", "id")}
"""What is asked of a person in a file: the fact, its title and how it is masked."""


class Nothing(BaseModel):
    """No contents."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What one step of a procedure, or its opening, is told with: as ``registers.contents`` reads and keeps it."""

    title: str
    facts: type[BaseModel]

    @property
    def titles(self) -> dict[str, str]:
        return {name: info.title or name for name, info in self.facts.model_fields.items()}

    @property
    def personal(self) -> dict[str, str]:
        return personal_of(self.facts)

    @property
    def public_facts(self) -> tuple[str, ...]:
        return tuple(name for name, info in self.facts.model_fields.items() if hint_of(info).get("public"))


@cache
def contents_of(procedure: Procedure, step: str) -> Contents:
    """The contents of a step by its code, or of the opening."""
    if step == OPENING:
        return Contents(procedure.title, procedure.facts)
    held = procedure.step(step)
    return Contents(held.title, held.facts or Nothing) if held else Contents(step, Nothing)


def procedure_of(code: str, *, on: date) -> Procedure:
    """The procedure in force on a day. Raises ``Missing`` in words for pages."""
    try:
        found: Procedure = registry.find(ENGINE, code, on=on)
    except Missing:
        raise Missing("procedure.unknown", "没有这个程序。请从办理事项中选择。") from None
    return found


def version_of(code: str, since: date) -> Procedure:
    """The very version a file is under."""
    found: Procedure = registry.version(ENGINE, code, since)
    return found


def all_on(day: date) -> tuple[Procedure, ...]:
    """Every procedure in force on a day."""
    return registry.all_of(ENGINE, on=day)


def pointing(problem: Problem) -> Problem:
    """Fields of an action as forms call them."""
    name = str(problem.details.get("field", ""))
    if name in {"day", "reason", "officers", "party", "cleared"}:
        problem.details["field"] = f"{name}_"
    return problem
