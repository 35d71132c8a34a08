"""Legal forms of procedures: declared beside their line as blocks, filled from a file, told what they still lack."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from string import Formatter
from typing import Any, get_args

from django.utils.translation import gettext as _
from pydantic.fields import FieldInfo

from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Refused
from shiheng.ledger import files, keyring
from shiheng.procedures import bonds
from shiheng.procedures.contents import CONTACT, all_on, contents_of
from shiheng.procedures.course import Course
from shiheng.procedures.definition import OPENING, Procedure
from shiheng.procedures.formbook import Form
from shiheng.procedures.models import OwnForm, Proceeding
from shiheng.procedures.numbering import bureau_of
from shiheng.procedures.ownforms.definition import Name
from shiheng.procedures.rules import InForce
from shiheng.registers.contents import shown
from shiheng.ui import documents, word, wordform
from shiheng.ui.documents import Check, Document, Made

RESULTS = "result"
COMMON = {
    "document_number": "文书编号", "number": "案卷编号", "received": "收到日期", "today": "制作日期",
    "bureau": "承办机关", "officer": "承办人", RESULTS: "办理结果",
    "law_breach": "违法行为清单所列违反的条款", "law_penal": "违法行为清单所列处罚依据", "course_taken": "办理经过",
    "bound_numbers": "关联案卷编号", "bound_titles": "关联案卷名称", "bound_evidence": "关联案卷的证据清单",
}  # fmt: skip
"""What every file can tell, as forms call it."""
EVERY, AT, CODE, HEAD = "every__", "__", "code", "head"
LAW = ("law_breach", "law_penal")


def procedure_for(form: Form, on: date) -> Procedure | None:
    """The procedure a form is read by: the first of its procedures that is in force."""
    held = {procedure.code: procedure for procedure in all_on(on)}
    return next((held[code] for code in form.procedures if code in held), None)


def names(form: Form, procedure: Procedure | None) -> dict[str, Name]:
    """Every name a form may hold, by its title: those the law demands first, then what its procedure can tell."""
    titles = _titles(form, procedure)
    needed = documents.needed(form.blocks)
    for fact in needed:
        titles.setdefault(fact, fact)
    # Where two are called alike, the one the form names keeps its title.
    order = sorted(titles, key=lambda fact: (fact not in form.elements, fact not in needed))
    found: dict[str, Name] = {}
    for fact in order:
        found.setdefault(titles[fact], Name(titles[fact], fact, demanded=fact in form.elements))
    return found


def _titles(form: Form, procedure: Procedure | None) -> dict[str, str]:
    """What each fact is called; one told at several steps also by each of these steps."""
    titles = {name: str(title) for name, title in COMMON.items()}
    for kind in procedure.parties if procedure else ():
        titles[kind.code] = kind.title
        titles |= {f"{kind.code}_{fact}": kind.title + title for fact, (title, _kind) in CONTACT.items()}
        titles[f"{kind.code}_{HEAD}"] = f"{kind.title}法定代表人或者负责人"  # not shown: as forms call it
        titles[f"{kind.code}_{CODE}"] = f"{kind.title}代码或者证件号码"  # not shown: as forms call it
    titles |= {ask.name: ask.title for ask in form.asks}
    if procedure is None:
        return titles
    told = [(step, contents_of(procedure, step)) for step in (OPENING, *(step.code for step in procedure.steps))]
    at = Counter(name for _step, contents in told for name in contents.titles)
    called = Counter(title for _step, contents in told for title in contents.titles.values())
    called.update(titles.values())
    needed = documents.needed(form.blocks)
    for step, contents in told:
        for name, title in contents.titles.items():
            alone = title if called[title] == 1 else f"{contents.title}·{title}"
            titles.setdefault(name, title if title not in titles.values() else alone)
            if at[name] > 1 or f"{step}{AT}{name}" in needed:
                titles[f"{step}{AT}{name}"] = f"{contents.title}·{title}"
        titles[f"{step}{AT}day"] = f"{contents.title}的日期"  # not shown: as forms call it
        held = procedure.step(step)
        if EVERY + step in needed or (contents.titles and held and not held.to):  # what can be done several times
            titles[EVERY + step] = f"{contents.title}清单"  # not shown: as forms call it
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


def make(
    form: Form, file: Proceeding, course: Course, document_number: str, own: OwnForm | None = None,
    *, party: int | None = None, asked: Mapping[str, str] | None = None,
) -> Filled:  # fmt: skip
    """The form filled from a file; ``Refused`` names everything it still lacks, as officers call it."""
    told = dict(facts_of(file, course, document_number, party=party))
    told |= {ask.name: None for ask in form.asks if ask.optional} | {k: v for k, v in (asked or {}).items() if v}
    for name in (*form.optional, *form.otherwise):
        if told.get(name) is None:
            told[name] = form.otherwise.get(name)
    known = names(form, course.procedure)
    wanted = {known[name].fact for name in own.placeholders if name in known} if own else documents.needed(form.blocks)
    if missing := sorted(wanted - set(told)):
        called = {name.fact: name.title for name in known.values()}
        words = {"title": form.title, "missing": "、".join(called.get(name, name) for name in missing)}
        why = _("“%(title)s”还缺少：%(missing)s。请先办理相应环节或者补齐内容。")
        raise Refused("paper.facts", why % words, missing=missing)
    if own is None:
        return Filled(documents.make(form.blocks, told))
    values = {name: _in_line(told[known[name].fact]) for name in own.placeholders}
    with files.open_kept(own.file) as held:
        blocks = wordform.blocks(wordform.filled(held.read(), values))
    return Filled(Document(form.title, document_number, blocks, bare=True), values)


def _in_line(value: Any) -> str:
    """A fact as it stands in a placeholder; rows one under another."""
    if isinstance(value, list):
        return "\n".join("，".join(str(said) for said in row.values() if said) for row in value)  # not shown: in a form
    return documents.shown(value)


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


def facts_of(file: Proceeding, course: Course, document_number: str, *, party: int | None = None) -> Mapping[str, Any]:
    """Everything a form may name: what was told at each step, in words; the parties; the file and its bureau; the
    files it is bound to and, as rows of a table, what they hold.

    A fact is called by its name, and by its step and name where a form means that very step. What was told for others
    of the kind of ``party`` is left out.
    """
    kinds = {one.number: one.kind for one in course.parties}
    found: dict[str, Any] = {}
    for step in course.procedure.steps:
        found[EVERY + step.code] = []
    for passage in course.live:
        other = passage.party is not None and party is not None and passage.party != party
        if other and kinds.get(passage.party or 0) == kinds.get(party or 0):
            continue
        fields = contents_of(course.procedure, passage.step).facts.model_fields
        told = {name: _said(info, passage.facts.get(name)) for name, info in fields.items()}
        found |= told | {f"{passage.step}{AT}{name}": value for name, value in told.items()}
        found[f"{passage.step}{AT}day"] = passage.day
        found.setdefault(EVERY + passage.step, []).append({**told, "day": documents.shown(passage.day)})
    together: dict[str, list[str]] = {}
    for row in file.parties.filter(gone=False).select_related("subject").order_by("-number"):
        if party is not None and row.kind == kinds.get(party) and row.number != party:
            continue
        together.setdefault(row.kind, []).insert(0, row.name)
        found[row.kind] = "、".join(together[row.kind])  # not shown: between the parties of a kind
        for fact in CONTACT:
            held = row.facts.get(fact)
            found[f"{row.kind}_{fact}"] = keyring.unsealed(held) if held else None
        firm = row.subject
        found[f"{row.kind}_{CODE}"] = firm.uscc if firm and firm.uscc else found[f"{row.kind}_id"]
        found[f"{row.kind}_{HEAD}"] = _full(firm.representative) if firm else None
        if firm and not found[f"{row.kind}_address"]:
            found[f"{row.kind}_address"] = _full(firm.address)
    for kind in course.procedure.parties:
        for name in (kind.code, *(f"{kind.code}_{fact}" for fact in (*CONTACT, CODE, HEAD))):
            found.setdefault(name, None)
    bureau, earlier = bureau_of(file.scope), bonds.earlier_files(file)
    last = course.live[-1] if course.live else None
    found |= {
        "number": file.number,
        "document_number": document_number,
        "received": file.received_on,
        "today": clock.today(),
        "officer": file.officer_name or None,
        "bureau": bureau.title if bureau else "",
        "bound_numbers": bonds.numbers(earlier) or None,
        "bound_titles": "、".join(one.title for one in earlier) or None,
        "bound_evidence": bonds.evidence(file),
        "course_taken": _taken(course) or None,
        RESULTS: _result(course, found) if last else None,
        **_law(course),
    }
    return found


def _taken(course: Course) -> str:
    """What was done until now, a step a clause."""
    steps = ((passage.day, course.procedure.step(passage.step)) for passage in course.live)
    done = [f"{documents.shown(day)}{step.title}" for day, step in steps if step]
    return "，".join(done) + "。" if done else ""  # not shown: in a form


def _law(course: Course) -> dict[str, str | None]:
    """What the list of violations has of the one the file is about: what it breaks, what it is punished by."""
    opened = dict(course.opened.facts) if course.opened else {}
    sources = ((name, (info.json_schema_extra or {})) for name, info in course.procedure.facts.model_fields.items())
    name = next((n for n, extra in sources if isinstance(extra, dict) and extra.get("taken_from") == "violations"), "")
    held = InForce().violation(str(opened.get(name) or ""), clock.today()) if name else None
    words = {"law_breach": held.breach, "law_penal": held.penal} if held else {}
    return {key: f"《{basis.instrument}》{basis.article}" for key, basis in words.items()} or dict.fromkeys(LAW)


def suggested(form: Form, file: Proceeding, course: Course, *, party: int | None = None) -> dict[str, str]:
    """What is filled in beforehand where a form asks: as far as the file can tell it."""
    told = facts_of(file, course, "", party=party)
    found = {}
    for ask in form.asks:
        asked = [name for _words, name, _spec, _conversion in Formatter().parse(ask.filled) if name]
        if ask.filled and all(told.get(name) for name in asked):
            found[ask.name] = ask.filled.format(**{name: documents.shown(told[name]) for name in asked})
    return found


def _said(info: FieldInfo, value: Any) -> Any:
    """What was told as a paper says it: days in full, what is personal in full, everything else in words."""
    if isinstance(value, str) and sealing.parse(value):
        return keyring.unsealed(value)
    if isinstance(value, str) and date in {info.annotation, *get_args(info.annotation)}:
        return date.fromisoformat(value)
    return shown(info, value) or None


def _full(value: str) -> str | None:
    """What the register has of a business as a paper says it: in full."""
    return (keyring.unsealed(value) if sealing.parse(value) else value) or None


def _result(course: Course, told: Mapping[str, Any]) -> str:
    """Where the file came to, and what was found, in one line."""
    parts = [course.procedure.state(course.state).title, str(told.get("finding") or ""), str(told.get("body") or "")]
    return "；".join(part.rstrip("。") for part in parts if part)
