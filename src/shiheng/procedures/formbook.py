"""Legal forms as lines declare them: of which procedure, after which steps, what the law demands of each."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shiheng.kernel import registry
from shiheng.kernel.errors import Missing
from shiheng.procedures.course import Course
from shiheng.ui import documents
from shiheng.ui.documents import Declared

ENGINE = "forms"
FIRST = date(2020, 1, 1)
MAIN = ("filing", "decision", "to_party", "evidence", "hearing", "property", "other")
SIDE = ("clue", "conclusion", "review", "hearing_report", "closing", "side_other")
COVER = "cover"
"""Where a paper lies in a volume: the main part in this order, then the side part; the cover, list and note apart."""
_read: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Ask:
    """Something only this paper says: asked when it is made; ``filled`` says of what it is filled in beforehand."""

    name: str
    title: str
    long: bool = False
    optional: bool = False
    hint: str = ""
    filled: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: of which procedures, offered after which steps, and the elements the law demands of it.

    ``phrases`` are words it must hold, each with what they stand for. ``of_party`` is the kind of party it is about,
    each by itself; ``to`` are the kinds it is served on. ``asks`` is what is filled in when it is made; ``optional``
    facts stay blank where they were not told, ``otherwise`` says other words for them. ``word`` is what its numbers are
    called by, ``shelf`` where it lies in the volume of the file.
    """

    code: str
    in_force_from: date
    no: int
    procedures: tuple[str, ...]
    steps: tuple[str, ...]
    elements: tuple[str, ...]
    blocks: Declared
    phrases: tuple[tuple[str, str], ...] = ()
    of_party: str = ""
    to: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    optional: tuple[str, ...] = ()
    otherwise: Mapping[str, str] = field(default_factory=dict, hash=False)
    word: str = ""
    shelf: str = "other"

    @property
    def title(self) -> str:
        return self.blocks.title

    @property
    def lacking(self) -> list[str]:
        """Elements the law demands and the form does not hold."""
        found = sorted(set(self.elements) - documents.needed(self.blocks))
        return found + self.without(documents.words_of(self.blocks))

    def without(self, words: str) -> list[str]:
        """What the law demands in words and ``words`` do not say."""
        return [title for title, phrase in self.phrases if phrase not in words]


def declare(folders: Iterable[Path]) -> None:
    """Hold the forms of lines: ``documents/<code>.toml`` in each folder."""
    for folder in folders:
        for path in sorted(folder.glob("documents/*.toml")):
            if path in _read:
                continue
            form = read(f"{folder.name}.{path.stem}", tomllib.loads(path.read_text(encoding="utf-8")), path.name)
            if form.lacking:
                raise ValueError(f"{path.name}: the law demands {form.lacking} of it")
            registry.declare(ENGINE, form)
            _read.add(path)


def read(code: str, raw: dict[str, Any], where: str) -> Form:
    """One form from its text; a fault names the file."""
    own = {name: raw.pop(name) for name in ("no", "procedure", "steps", "elements")}
    shelf = raw.pop("shelf", "other")
    if shelf not in {*MAIN, *SIDE, COVER}:
        raise ValueError(f"{where}: no shelf {shelf!r}")
    of = own["procedure"]
    more = {name: tuple(raw.pop(name, ())) for name in ("to", "optional")}
    more["asks"] = tuple(Ask(**one) for one in raw.pop("asks", ()))
    more["phrases"] = tuple((str(title), str(phrase)) for title, phrase in raw.pop("phrases", ()))
    since, word, of_party = raw.pop("in_force_from", FIRST), raw.pop("word", ""), raw.pop("of_party", "")
    otherwise = raw.pop("otherwise", {})
    known = {"title", "number", "basis", "blocks"}
    if set(raw) - known:
        raise ValueError(f"{where}: unknown {sorted(set(raw) - known)}")
    return Form(
        code, since, own["no"], (of,) if isinstance(of, str) else tuple(of), tuple(own["steps"]),
        tuple(own["elements"]), documents.declared(raw, where=where), of_party=of_party, otherwise=otherwise, word=word,
        shelf=shelf, **more,
    )  # fmt: skip


def of_code(code: str, *, on: date) -> Form:
    """A form in force on a day. Raises ``Missing`` in words for pages."""
    try:
        found: Form = registry.find(ENGINE, code, on=on)
    except Missing:
        raise Missing("form.unknown", _("没有这种文书。")) from None
    return found


def all_on(day: date) -> list[Form]:
    """Every form in force on a day, in the order of their numbers."""
    return sorted(registry.all_of(ENGINE, on=day), key=lambda form: (form.no, form.code))


def offered(course: Course, on: date) -> list[Form]:
    """The forms a file may make now: those of its procedure after whose steps it stands, in their order."""
    return [form for form in all_on(on) if course.procedure.code in form.procedures and parties_for(form, course)]


def parties_for(form: Form, course: Course) -> list[int | None]:
    """For which parties a form may be made now; ``[None]`` where it is about the whole file, none where it is early."""
    if not form.of_party:
        return [None] if course.has(*form.steps) else []
    held = course.of_kind(form.of_party)
    # A step of the whole file, or of something else in it, opens the form to every party of the kind.
    if any(passage.party not in held for passage in course.taken(*form.steps)):
        return list(held)
    return [number for number in held if course.has(*form.steps, party=number)]
