"""The learned model of a bureau as kept in the data directory: learned by command from its own closed files, read.

One file a bureau, plain numbers and pieces of two or three characters, written whole and only then put in place; each
learning is on record. A bureau reads its own model and nobody else's.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shiheng.accounts.jurisdictions import within
from shiheng.accounts.models import Office
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import kinds
from shiheng.procedures.models import Sketch
from shiheng.procedures.triage import learned
from shiheng.procedures.triage.declared import letters
from shiheng.procedures.triage.definition import read
from shiheng.procedures.triage.learned import Closed, Measured, Model, Tally

kinds.declare(triage_learned="学习来信分类", triage_forgotten="停用学得的来信分类")
VERSION = 1
BUREAUX = ("city", "district")
MOST_FILES = 20_000
"""The latest closed files of a bureau are learned from; more teach little and take long."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A model with where it comes from: of which bureau, learned on ``day``, its ``number`` (one more each time), how
    it did on letters not seen and how the declared words did on the same."""

    number: int
    day: date
    scope: str
    bureau: str
    measured: Measured
    rules: Tally
    model: Model

    @property
    def sentence(self) -> str:
        """For whoever reads what was told by it."""
        told = {
            "day": self.day, "files": self.measured.files, "told": self.measured.told,
            "right": f"{100 * self.measured.accuracy:.0f}%", "confidence": f"{100 * self.measured.confidence:.0f}%",
        }  # fmt: skip
        said = _(
            "本局 %(day)s 从自己办结的 %(files)s 件来信学得（把握不到 %(confidence)s 时不说）；"
            "在没有学过的来信上，说了 %(told)s 件，其中 %(right)s 与办理时的分类一致。"
        )
        return said % told


def bureau_of(scope: str) -> Office | None:
    """The bureau an office belongs to: the district's, else the city's."""
    steps = scope.rstrip(".").split(".")
    above = [".".join(steps[:n]) + "." for n in range(1, len(steps) + 1)]
    return Office.objects.filter(path__in=above, kind__in=BUREAUX).order_by("-path").first()


def path(scope: str) -> Path:
    """Where a bureau's model lies."""
    name = re.sub(r"[^0-9A-Za-z]+", "-", scope.strip("."))
    return Path(settings.HOME) / "triage" / f"{name}.json"


# The files as last read, by when they were written: a running platform sees a new one at its next letter.
_read: dict[str, tuple[tuple[int, int], Kept | None]] = {}


def kept(scope: str) -> Kept | None:
    """The model of the bureau at ``scope``; none where none was learned or what is kept cannot be read."""
    at = path(scope)
    try:
        found = at.stat()
    except FileNotFoundError:
        return None
    written = (found.st_mtime_ns, found.st_size)
    known = _read.get(str(at))
    if known is None or known[0] != written:
        try:
            read_ = _kept(json.loads(at.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            read_ = None
        known = _read[str(at)] = (written, read_ if read_ and read_.scope == scope else None)
    return known[1]


def unreadable(scope: str) -> bool:
    """Whether a file is there that this version cannot use: by another version, another bureau, or damaged."""
    return path(scope).exists() and kept(scope) is None


def bureaux() -> list[Office]:
    """The bureaux in office, the city's first."""
    return list(Office.objects.filter(kind__in=BUREAUX, closed_on=None).order_by("path"))


def closed_of(bureau: Office) -> list[Closed]:
    """The closed letters of one bureau as what to learn from: their words, the class they ended with."""
    held = letters()
    rows = Sketch.objects.filter(
        within((bureau.path,), "proceeding__scope"), proceeding__ended=True, proceeding__procedure__in=held
    ).exclude(kind="")
    if bureau.kind == "city":  # its own files, not those of the bureaux below it
        for other in Office.objects.filter(kind="district", path__startswith=bureau.path):
            rows = rows.exclude(within((other.path,), "proceeding__scope"))
    found = rows.order_by("-day", "-pk").values_list(
        "proceeding__procedure", "proceeding__facts", "kind", "text"
    )[:MOST_FILES]  # fmt: skip
    made = (Closed(held[code][1].words_of(facts), kind, text) for code, facts, kind, text in found)
    return sorted((one for one in made if one.text), key=lambda one: (one.same, one.kind, one.text))


def learn(bureau: Office, *, who: Who, told: Callable[[str], None] = lambda _: None) -> Kept:
    """Learn from a bureau's own closed letters and put it in force.

    Raises ``Refused`` where it closed too few; then all stays as it was.
    """
    closed = closed_of(bureau)
    if learned.lacking(closed):
        words = {"bureau": bureau.title, "files": len(closed), "least": learned.LEAST_FILES, "each": learned.LEAST_EACH}
        raise Refused(
            "triage.few",
            _(
                "%(bureau)s办结的来信太少（%(files)s 件）：至少要 %(least)s 件，"
                "其中至少两类各有 %(each)s 件。再办结一些后重新学习。"
            )
            % words,
        )
    model, measured = learned.learn(closed, told=told)
    before = kept(bureau.path)
    fresh = Kept(
        (before.number if before else 0) + 1, clock.today(), bureau.path, bureau.title, measured, _rules_on(closed),
        model,
    )  # fmt: skip
    _write(fresh)
    _record("triage.learned", who, bureau.path, number=fresh.number, files=measured.files, told=measured.told,
            accuracy=round(measured.accuracy, 4))  # fmt: skip
    return fresh


def _rules_on(closed: list[Closed]) -> Tally:
    """How the declared words told the same letters."""
    lexicons = list({lexicon.code: lexicon for lexicon, _letter in letters().values()}.values())
    told = right = 0
    for one in closed:
        found = next((held for lexicon in lexicons if (held := read(one.text, lexicon).kind)), None)
        told += found is not None
        right += found is not None and found.rule.code == one.kind
    return Tally(len(closed), told, right)


def forget(bureau: Office, *, who: Who) -> None:
    """Tell by the declared words alone again. Raises ``Missing`` where nothing was learned."""
    if not path(bureau.path).exists():
        raise Missing(
            "triage.none", _("%(bureau)s没有学得的来信分类，现在就是只按词表提示。") % {"bureau": bureau.title}
        )
    path(bureau.path).unlink()
    _record("triage.forgotten", who, bureau.path)


def every() -> Iterator[tuple[Office, Kept | None]]:
    """Each bureau with its model."""
    return ((bureau, kept(bureau.path)) for bureau in bureaux())


def _record(kind: str, who: Who, scope: str, **facts: Any) -> None:
    with transaction.atomic():
        ledger.record(kind, subject=f"triage:{scope}", who=who, facts=facts, scope=scope)


def _write(fresh: Kept) -> None:
    data = {
        "version": VERSION, "number": fresh.number, "day": fresh.day.isoformat(), "scope": fresh.scope,
        "bureau": fresh.bureau, "measured": asdict(fresh.measured), "rules": asdict(fresh.rules),
        "model": fresh.model.as_data(),
    }  # fmt: skip
    at = path(fresh.scope)
    at.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    part = at.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(data, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    part.chmod(0o640)
    part.replace(at)


def _kept(data: dict[str, Any]) -> Kept:
    if data["version"] != VERSION:
        raise ValueError("kept by another version")
    told = dict(data["measured"])
    classes = {kind: Tally(**held) for kind, held in told.pop("classes").items()}
    return Kept(
        int(data["number"]), date.fromisoformat(data["day"]), str(data["scope"]), str(data["bureau"]),
        Measured(classes=classes, **told), Tally(**data["rules"]), learned.model_of(data["model"]),
    )  # fmt: skip
