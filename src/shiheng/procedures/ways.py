"""Ways of serving a paper, declared beside a line: under which article, what proves each, and when it takes effect."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from shiheng.kernel import registry
from shiheng.kernel.calendars import Calendar
from shiheng.kernel.citation import Citation
from shiheng.kernel.errors import Missing, Refused
from shiheng.kernel.periods import due, read_as

ENGINE = "ways"
RESULTS = {"served": "送达", "refused": "拒绝签收", "failed": "未能送达", "waiting": "已发出，等待回执"}
_read: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that proves a way of serving."""

    name: str
    title: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way of serving. ``confirmed``: only to an address confirmed in writing that names this way.

    ``after``: a failed or refused try must stand on record first. ``days``: it takes effect so many days later.
    ``label``: an envelope goes with it.
    """

    code: str
    in_force_from: date
    title: str
    basis: Citation
    proof: tuple[Proof, ...]
    no: int
    about: str = ""
    results: tuple[str, ...] = ("served",)
    confirmed: bool = False
    after: bool = False
    days: int = 0
    label: bool = False

    def effective(self, day: date, calendar: Calendar) -> date:
        """The day a service begun on ``day`` takes effect."""
        if not self.days:
            return day
        period = read_as(self.basis.instrument, self.days, "日", on=day)  # not shown: the unit as the text has it
        return due(day, period, calendar=calendar).due_day or day

    def check(self, given: dict[str, str], result: str) -> dict[str, str]:
        """The proof as it is kept. Raises ``Refused`` for what is missing, by its field."""
        if result not in self.results:
            raise Refused("serve.result", _("这种送达方式没有这种结果。"), field="result")
        kept = {}
        for one in self.proof:
            said = " ".join(str(given.get(one.name) or "").split())
            if not said and not one.optional:
                told = {"way": self.title, "proof": one.title}
                raise Refused("serve.proof", _("%(way)s须写明“%(proof)s”。") % told, field=one.name)
            if one.choices and said and said not in one.choices:
                raise Refused("serve.proof", _("“%(proof)s”没有这个选项。") % {"proof": one.title}, field=one.name)
            if said:
                kept[one.name] = said[:200]
        return kept


def declare(folders: Iterable[Path]) -> None:
    """Hold the ways of serving of lines: ``service.toml`` in a folder."""
    for path in (folder / "service.toml" for folder in folders):
        if not path.exists() or path in _read:
            continue
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        since, instrument = raw["in_force_from"], raw["instrument"]
        for no, one in enumerate(raw["ways"], start=1):
            basis = Citation(
                instrument, one.pop("article"), since, verified=one.pop("verified", False), note=one.pop("note", "")
            )
            proof = tuple(Proof(**{**held, "choices": tuple(held.get("choices", ()))}) for held in one.pop("proof"))
            results = tuple(one.pop("results", ("served",)))
            if set(results) - set(RESULTS):
                raise ValueError(f"{path}: {one['code']} has unknown results")
            registry.declare(ENGINE, Way(in_force_from=since, basis=basis, proof=proof, no=no, results=results, **one))
        _read.add(path)


def of_code(code: str, *, on: date) -> Way:
    """A way in force on a day. Raises ``Missing`` in words for pages."""
    try:
        found: Way = registry.find(ENGINE, code, on=on)
    except Missing:
        raise Missing("way.unknown", _("没有这种送达方式。")) from None
    return found


def all_on(day: date) -> tuple[Way, ...]:
    """Every way in force on a day, in the order they are declared."""
    return tuple(sorted(registry.all_of(ENGINE, on=day), key=lambda way: way.no))


def title_of(code: str) -> str:
    """What a way is called; one written down in words before ways were declared is its own title."""
    return next((way.title for way in registry.all_of(ENGINE) if way.code == code), code)
