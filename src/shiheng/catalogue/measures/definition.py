"""失信惩戒措施、守信激励措施: what a record may bring, on which basis, by whom, and where it is asked for. Pure.

Nothing is restrained that no measure names: a record on a list has no consequence of its own, only those of the
measures in force that name that list and the procedure somebody comes to.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from shiheng.kernel.citation import Citation

ENGINE = "credit_measures"
KINDS = {"restraint": "惩戒", "incentive": "激励", "caution": "包容审慎"}
EFFECTS = {"flag": "提示", "stop": "不予办理", "none": "不作限制，仅供参考"}
WHO = {"firm": "主体", "person": "法定代表人、负责人、申请人", "both": "主体及其法定代表人、负责人、申请人"}
LEVELS = {"national": "国家清单", "local": "地方清单", "law": "法律、行政法规"}
REGISTER = "register:"
"""Before the code of a register among the lists a measure names; a bare word is a kind of records."""


@dataclass(frozen=True, slots=True)
class CreditMeasure:
    """One measure of the catalogue.

    ``lists`` are what brings it: kinds of records, or registers. ``asks`` are the procedures that ask for it, each with
    the step that is held up where its effect is a stop (``food.licence:grant``).
    """

    code: str
    in_force_from: date
    number: str
    kind: str
    title: str
    department: str
    level: str
    lists: tuple[str, ...]
    who: str
    effect: str
    asks: tuple[str, ...]
    basis: Citation
    until: date | None = None

    def __post_init__(self) -> None:
        known = (self.kind in KINDS, self.effect in EFFECTS, self.who in WHO, self.level in LEVELS)
        if not all(known) or (self.effect == "stop" and self.kind != "restraint"):
            raise ValueError(f"{self.code}: unknown kind, effect, person or level")
        if self.effect != "none" and not self.lists:
            raise ValueError(f"{self.code}: no list brings it")
        if self.effect == "stop" and any(":" not in one for one in self.asks):
            raise ValueError(f"{self.code}: a stop names the step it holds up")

    @property
    def procedures(self) -> tuple[str, ...]:
        return tuple(one.partition(":")[0] for one in self.asks)

    def asked_at(self, procedure: str) -> bool:
        return procedure in self.procedures

    def holds_up(self, procedure: str, step: str) -> bool:
        """Whether that step may not be taken while it applies."""
        return self.effect == "stop" and f"{procedure}:{step}" in self.asks

    @property
    def means_firm(self) -> bool:
        return self.who in {"firm", "both"}

    @property
    def means_person(self) -> bool:
        return self.who in {"person", "both"}


def read(text: str) -> Iterator[CreditMeasure]:
    """The measures of a line's ``credit_measures.csv``."""
    for row in csv.DictReader(text.splitlines()):
        since = date.fromisoformat(row["article_since"]) if row["article_since"] else None
        yield CreditMeasure(
            code=row["code"], in_force_from=date.fromisoformat(row["since"]), number=row["number"], kind=row["kind"],
            until=date.fromisoformat(row["until"]) if row["until"] else None,
            title=row["title"], department=row["department"], level=row["level"], lists=tuple(row["lists"].split()),
            who=row["who"], effect=row["effect"], asks=tuple(row["asks"].split()),
            basis=Citation(row["instrument"], row["article"], since, verified=row["verified"] == "yes",
                           note=row["note"]),
        )  # fmt: skip


def by_department(measures: Iterable[CreditMeasure]) -> dict[str, list[CreditMeasure]]:
    """Department → its measures, in the order of their numbers."""
    found: dict[str, list[CreditMeasure]] = {}
    for one in measures:
        found.setdefault(one.department, []).append(one)
    return found
