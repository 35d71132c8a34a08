"""Legal forms of procedures: declared beside their line as blocks, filled from a file, told what they still lack."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shiheng.kernel import clock, registry
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import files, keyring
from shiheng.procedures.contents import CONTACT, all_on, contents_of
from shiheng.procedures.course import Course
from shiheng.procedures.definition import OPENING, Procedure
from shiheng.procedures.models import OwnForm, Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.procedures.ownforms.definition import Name
from shiheng.registers.contents import shown
from shiheng.ui import documents, word, wordform
from shiheng.ui.documents import Check, Declared, Document, Made

ENGINE = "forms"
RESULTS = "result"
COMMON = {
    "document_number": "文书编号", "number": "案卷编号", "received": "收到日期", "today": "制作日期",
    "bureau": "承办机关", "officer": "承办人", RESULTS: "办理结果",
}  # fmt: skip
"""What every file can tell, as forms call it."""
_read: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Form:
    """One form: of which procedures, offered after which steps, and the elements the law demands of it.

    ``to`` are the kinds of party it is served on, ``optional`` facts that stay blank where they were not told,
    ``word`` what its numbers are called by, ``shelf`` where it lies in the volume of the file.
    """

    code: str
    in_force_from: date
    no: int
    procedures: tuple[str, ...]
    steps: tuple[str, ...]
    elements: tuple[str, ...]
    blocks: Declared
    to: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    word: str = ""
    shelf: str = "other"

    @property
    def title(self) -> str:
        return self.blocks.title

    @property
    def lacking(self) -> list[str]:
        """Elements the law demands and the form does not hold."""
        return sorted(set(self.elements) - documents.needed(self.blocks))


FIRST = date(2020, 1, 1)
MAIN = ("filing", "decision", "to_party", "evidence", "hearing", "property", "other")
SIDE = ("clue", "conclusion", "review", "hearing_report", "closing", "side_other")
COVER = "cover"
"""Where a paper lies in a volume: the main part in this order, then the side part; the cover, list and note apart."""


def declare(folders: Iterable[Path]) -> None:
    """Hold the forms of lines: ``documents/<code>.toml`` in each folder."""
    for folder in folders:
        for path in sorted(folder.glob("documents/*.toml")):
            if path in _read:
                continue
            form = _form(f"{folder.name}.{path.stem}", tomllib.loads(path.read_text(encoding="utf-8")), path.name)
            if form.lacking:
                raise ValueError(f"{path.name}: the law demands {form.lacking} of it")
            registry.declare(ENGINE, form)
            _read.add(path)


def _form(code: str, raw: dict[str, Any], where: str) -> Form:
    own = {name: raw.pop(name) for name in ("no", "procedure", "steps", "elements")}
    shelf = raw.pop("shelf", "other")
    if shelf not in {*MAIN, *SIDE, COVER}:
        raise ValueError(f"{where}: no shelf {shelf!r}")
    of = own["procedure"]
    return Form(
        code, raw.pop("in_force_from", FIRST), own["no"], (of,) if isinstance(of, str) else tuple(of),
        tuple(own["steps"]), tuple(own["elements"]), documents.declared(raw, where=where), tuple(raw.pop("to", ())),
        tuple(raw.pop("optional", ())), raw.pop("word", ""), shelf,
    )  # fmt: skip


def of_code(code: str, *, on: date) -> Form:
    """A form in force on a day. Raises ``Missing`` in words for pages."""
    try:
        found: Form = registry.find(ENGINE, code, on=on)
    except Missing:
        raise Missing("form.unknown", _("没有这种文书。")) from None
    return found


def offered(course: Course, on: date) -> list[Form]:
    """The forms a file may make now: those of its procedure after whose steps it stands, in their order."""
    forms = [form for form in registry.all_of(ENGINE, on=on) if course.procedure.code in form.procedures]
    return sorted((form for form in forms if course.has(*form.steps)), key=lambda form: form.no)


def procedure_for(form: Form, on: date) -> Procedure | None:
    """The procedure a form is read by: the first of its procedures that is in force."""
    held = {procedure.code: procedure for procedure in all_on(on)}
    return next((held[code] for code in form.procedures if code in held), None)


def names(form: Form, procedure: Procedure | None) -> dict[str, Name]:
    """Every name a form may hold, by its title: those the law demands first, then what its procedure can tell."""
    titles = _titles(procedure)
    for fact in documents.needed(form.blocks):
        titles.setdefault(fact, fact)
    order = sorted(titles, key=lambda fact: (fact not in form.elements,))
    found: dict[str, Name] = {}
    for fact in order:
        found.setdefault(titles[fact], Name(titles[fact], fact, demanded=fact in form.elements))
    return found


def _titles(procedure: Procedure | None) -> dict[str, str]:
    """What each fact is called; of two that are called alike the later one says at which step it was told."""
    titles = {name: str(title) for name, title in COMMON.items()}
    for kind in procedure.parties if procedure else ():
        titles[kind.code] = kind.title
        titles |= {f"{kind.code}_{fact}": kind.title + title for fact, (title, _kind) in CONTACT.items()}
    taken = set(titles.values())
    for step in (OPENING, *(step.code for step in (procedure.steps if procedure else ()))):
        contents = contents_of(procedure, step) if procedure else None
        for name, title in (contents.titles if contents else {}).items():
            if name in titles or contents is None:
                continue
            titles[name] = title if title not in taken else f"{contents.title}{title}"
            taken.add(titles[name])
    return titles


@dataclass(frozen=True, slots=True)
class Filled:
    """A form made of a file: its words as blocks; of a bureau's own form also what stands in each placeholder."""

    document: Document
    values: Mapping[str, str] | None = None

    @property
    def content(self) -> dict[str, Any]:
        """As it is kept."""
        held = self.document
        kept: dict[str, Any] = {"title": held.title, "number": held.number, "blocks": [asdict(b) for b in held.blocks]}
        if self.values is not None:
            kept |= {"bare": True, "values": dict(self.values)}
        return kept


def make(form: Form, file: Proceeding, course: Course, document_number: str, own: OwnForm | None = None) -> Filled:
    """The form filled from a file; ``Refused`` names everything it still lacks, as officers call it."""
    told = dict(facts_of(file, course, document_number))
    for name in form.optional:
        told.setdefault(name, None)
    known = names(form, course.procedure)
    wanted = {known[name].fact for name in own.placeholders if name in known} if own else documents.needed(form.blocks)
    if missing := sorted(wanted - set(told)):
        called = {name.fact: name.title for name in known.values()}
        words = {"title": form.title, "missing": "、".join(called.get(name, name) for name in missing)}
        raise Refused(
            "paper.facts", _("“%(title)s”还缺少：%(missing)s。请先办理相应环节或者补齐内容。") % words, missing=missing
        )
    if own is None:
        return Filled(documents.make(form.blocks, told))
    values = {name: documents.shown(told[known[name].fact]) for name in own.placeholders}
    with files.open_kept(own.file) as held:
        blocks = wordform.blocks(wordform.filled(held.read(), values))
    return Filled(Document(form.title, document_number, blocks, bare=True), values)


def document_of(content: Mapping[str, Any], check: Check | None = None) -> Document:
    """A paper as it was made."""
    blocks = [Made(**block) for block in content["blocks"]]
    return Document(content["title"], content["number"], blocks, bare=content.get("bare", False), check=check)


def word_of(content: Mapping[str, Any], own_file: str, check: Check) -> bytes:
    """A paper for Word: of the bureau's own form where it was made of one, with the very words that were kept."""
    if not own_file:
        return documents.to_docx(document_of(content, check))
    with files.open_kept(own_file) as held:
        return word.marked(wordform.filled(held.read(), content["values"]), check)


def facts_of(file: Proceeding, course: Course, document_number: str) -> Mapping[str, Any]:
    """Everything a form may name: what was told at each step, in words; the parties; the file and its bureau."""
    found: dict[str, Any] = {}
    for passage in course.live:
        fields = contents_of(course.procedure, passage.step).facts.model_fields
        found |= {name: shown(info, passage.facts.get(name)) or None for name, info in fields.items()}
    together: dict[str, list[str]] = {}
    for row in file.parties.filter(gone=False).order_by("-number"):
        together.setdefault(row.kind, []).insert(0, row.name)
        found[row.kind] = "、".join(together[row.kind])  # not shown: between the parties of a kind
        for fact in CONTACT:
            held = row.facts.get(fact)
            found[f"{row.kind}_{fact}"] = keyring.unsealed(held) if held else None
    for kind in course.procedure.parties:
        for name in (kind.code, *(f"{kind.code}_{fact}" for fact in CONTACT)):
            found.setdefault(name, None)
    bureau = bureau_of(file.scope)
    last = course.live[-1] if course.live else None
    found |= {
        "number": file.number,
        "document_number": document_number,
        "received": file.received_on,
        "today": clock.today(),
        "officer": file.officer_name or None,
        "bureau": bureau.title if bureau else "",
        RESULTS: _result(course, found) if last else None,
    }
    return found


def _result(course: Course, told: Mapping[str, Any]) -> str:
    """Where the file came to, and what was found, in one line."""
    parts = [course.procedure.state(course.state).title, str(told.get("finding") or ""), str(told.get("body") or "")]
    return "；".join(part.rstrip("。") for part in parts if part)
