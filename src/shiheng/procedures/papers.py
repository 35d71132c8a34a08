"""Legal forms of procedures: declared beside their line as blocks, filled from a file, told what they still lack."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing
from shiheng.ledger import keyring
from shiheng.procedures import bonds
from shiheng.procedures.contents import CONTACT, contents_of
from shiheng.procedures.course import Course
from shiheng.procedures.models import Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.registers.contents import shown
from shiheng.ui import documents
from shiheng.ui.documents import Declared, Document

ENGINE = "forms"
RESULTS = "result"
_read: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Form:
    """One form: of which procedure, offered after which steps, and the elements the law demands of it."""

    code: str
    in_force_from: date
    no: int
    procedure: str
    steps: tuple[str, ...]
    elements: tuple[str, ...]
    blocks: Declared

    @property
    def title(self) -> str:
        return self.blocks.title

    @property
    def lacking(self) -> list[str]:
        """Elements the law demands and the form does not hold."""
        return sorted(set(self.elements) - documents.needed(self.blocks))


FIRST = date(2020, 1, 1)


def declare(folders: Iterable[Path]) -> None:
    """Hold the forms of lines: ``documents/<code>.toml`` in each folder."""
    for folder in folders:
        for path in sorted(folder.glob("documents/*.toml")):
            if path in _read:
                continue
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            own = {name: raw.pop(name) for name in ("no", "procedure", "steps", "elements")}
            form = Form(
                f"{folder.name}.{path.stem}", raw.pop("in_force_from", FIRST), own["no"], own["procedure"],
                tuple(own["steps"]), tuple(own["elements"]), documents.declared(raw, where=path.name),
            )  # fmt: skip
            if form.lacking:
                raise ValueError(f"{path.name}: the law demands {form.lacking} of it")
            registry.declare(ENGINE, form)
            _read.add(path)


def of_code(code: str, *, on: date) -> Form:
    """A form in force on a day. Raises ``Missing`` in words for pages."""
    try:
        found: Form = registry.find(ENGINE, code, on=on)
    except Missing:
        raise Missing("form.unknown", _("没有这种文书。")) from None
    return found


def offered(course: Course, on: date) -> list[Form]:
    """The forms a file may make now: those of its procedure after whose steps it stands, in their order."""
    forms = [form for form in registry.all_of(ENGINE, on=on) if form.procedure == course.procedure.code]
    return sorted((form for form in forms if course.has(*form.steps)), key=lambda form: form.no)


def make(form: Form, file: Proceeding, course: Course, document_number: str) -> Document:
    """The form filled from a file; ``Refused`` names everything it still lacks."""
    return documents.make(form.blocks, facts_of(file, course, document_number))


def facts_of(file: Proceeding, course: Course, document_number: str) -> Mapping[str, Any]:
    """Everything a form may name: what was told at each step, in words; the parties; the file and its bureau; the
    files it is bound to and, as rows of a table, what they hold."""
    found: dict[str, Any] = {}
    for passage in course.live:
        fields = contents_of(course.procedure, passage.step).facts.model_fields
        found |= {name: shown(info, passage.facts.get(name)) or None for name, info in fields.items()}
    for row in file.parties.order_by("-number"):
        found[row.kind] = row.name
        for fact in CONTACT:
            held = row.facts.get(fact)
            found[f"{row.kind}_{fact}"] = keyring.unsealed(held) if held else None
    for kind in course.procedure.parties:
        for name in (kind.code, *(f"{kind.code}_{fact}" for fact in CONTACT)):
            found.setdefault(name, None)
    bureau, earlier = bureau_of(file.scope), bonds.earlier_files(file)
    last = course.live[-1] if course.live else None
    found |= {
        "number": file.number,
        "document_number": document_number,
        "received": file.received_on,
        "today": clock.today(),
        "bureau": bureau.title if bureau else "",
        "bound_numbers": bonds.numbers(earlier) or None,
        "bound_titles": "、".join(one.title for one in earlier) or None,
        "bound_evidence": bonds.evidence(file),
        RESULTS: _result(course, found) if last else None,
    }
    return found


def _result(course: Course, told: Mapping[str, Any]) -> str:
    """Where the file came to, and what was found, in one line."""
    parts = [course.procedure.state(course.state).title, str(told.get("finding") or ""), str(told.get("body") or "")]
    return "；".join(part.rstrip("。") for part in parts if part)
