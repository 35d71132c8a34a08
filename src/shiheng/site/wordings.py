"""Which words of a room are shown on pages: its Chinese literals, its ``_()`` calls, its templates.

Declared titles stay plain ``str`` in the source, so every Chinese literal that is no docstring and no piece of an
f-string counts as a message id. Modules whose Chinese is data or command line stand in ``NOT_PAGES`` with the reason;
a single line is left out with a comment ``# not shown: reason``.
"""

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
CHINESE = re.compile("[\u3400-\u9fff]")  # not shown: what tells Chinese
LEFT_OUT = re.compile(r"#.*\bnot shown:")

# Parts of rooms whose Chinese is never shown on a page in another language, and why.
NOT_PAGES = {
    "catalogue/tables": "code tables as the standards print them",
    "kernel/identifiers.py": "facts about codes as the standards word them, told with the code they concern",
    "kernel/money.py": "words read in delivered capital figures",
    "kernel/sealing.py": "the mark of a sealed value",
    "kernel/personal.py": "words by which what is personal is found; its marks stand in texts that are Chinese",
    "kernel/masking.py": "reads addresses and names as they are delivered",
    "kernel/calendars": "names of holidays as the State Council's notices print them",
    "kernel/periods": "articles of law and the words of their periods, quoted as published",
    "ledger/audit.py": "command line",
    "ledger/verify.py": "the checker's own sentences: the same wherever a proof is checked, with this site or without",
    "publication/opendata/watching.py": "messages to people outside, in Chinese whoever reads the page",
    "publication/reports/content.py": "official documents are made in Chinese whatever the page's language",
    "publication/reports/verify_report.py": "command line; the same sentences wherever a report is checked",
    "site/backup": "command line",
    "site/checks.py": "command line",
    "site/cli": "command line",
    "site/demo.py": "the demonstration's invented people",
    "site/doctor.py": "command line",
    "site/loading.py": "command line",
    "site/mission": "the mission's items as published",
    "site/reference.py": "command line",
    "site/reference_catalogue.py": "command line",
    "site/settings": "explains settings to operators, on the command line",
    "site/setup.py": "command line",
    "site/supervise.py": "command line",
    "site/timekeeping.py": "command line",
    "site/translate.py": "names catalogues",
    "fusion/checks.py": "reasons kept with the rows they concern",
    "fusion/clean.py": "characters of garbled text as it is delivered",
    "subjects/addresses.py": "words addresses are read with",
    "subjects/elements.py": "words addresses are read with",
    "subjects/likeness.py": "words addresses are read with",
    "subjects/traits.py": "words addresses are read with",
    "fusion/match/forms.py": "words names and addresses are read with",
    "fusion/match/mojibake.py": "characters of garbled text as it is delivered",
    "fusion/match/weigh.py": "words names are read with",
    "fusion/links.py": "command line",
    "fusion/reading": "reasons kept with the rows and files they concern",
    "fusion/standard.py": "reads delivered values; reasons kept with the rows they concern",
    "fusion/standardise.py": "reads delivered values; reasons kept with the rows they concern",
    "subjects/naming.py": "words names are read with",
    "subjects/search.py": "words names are read with",
    "subjects/words": "word lists that names are read with",
    "ui/documents.py": "official documents are made in Chinese whatever the page's language",
    "ui/pdf.py": "official documents",
    "ui/word.py": "official documents",
    "ui/gallery.py": "invented samples of the page of components, long Chinese names the first of them",
    "ui/templates/ui/gallery.html": "invented samples of the page of components",
    "ui/templates/ui/parts/document.html": "official documents",
}

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A message id as catalogues know it: the text (or singular and plural) and its context."""

    id: Any
    context: str | None = None

    @property
    def text(self) -> str:
        return self.id if isinstance(self.id, str) else self.id[0]


def wordings(room: str) -> Iterator[tuple[Found, str]]:
    """Every wording of a room with the file it stands in."""
    for path in sorted((PACKAGE / room).rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        if "migrations" in path.parts or left_out(file):
            continue
        source = path.read_text(encoding="utf-8")
        for found in dict.fromkeys([*called(source), *literals(source, docstrings=path.name == "api.py")]):
            yield found, file
    for path in sorted((PACKAGE / room).rglob("contract.yaml")):
        for found in in_contract(path.parent):
            yield found, path.relative_to(PACKAGE).as_posix()
    for path in sorted((PACKAGE / room).rglob("triage.toml")):
        for found in in_lexicon(path):
            yield found, path.relative_to(PACKAGE).as_posix()
    for path in sorted((PACKAGE / room).rglob("*.html")):
        file = path.relative_to(PACKAGE).as_posix()
        if not left_out(file):
            for found in dict.fromkeys(in_template(path.read_text(encoding="utf-8"))):
                yield found, file


def left_out(file: str) -> bool:
    return any(file == part or file.startswith(f"{part}/") for part in NOT_PAGES)


def called(source: str) -> Iterator[Found]:
    """What ``_()`` and its kin are called with."""
    from babel.messages.extract import extract

    for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield Found(message, context)


def literals(source: str, *, docstrings: bool = False) -> Iterator[Found]:
    """Every Chinese literal but docstrings, pieces of f-strings and lines marked as not shown.

    The docstrings of an interface's operations are its description for people, so of ``api.py`` they count.
    """
    tree = ast.parse(source)
    lines = source.splitlines()
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed.update(id(part) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))  # docstrings stand alone
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
            passed.update(id(part) for part in node.args)  # found with their context by `called`
    if docstrings:
        operations = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
        passed -= {id(one.body[0].value) for one in operations if isinstance(one.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in passed
            and CHINESE.search(node.value)
            and not any(LEFT_OUT.search(line) for line in lines[node.lineno - 1 : node.end_lineno])
        ):
            yield Found(node.value)


def in_contract(folder: Path) -> Iterator[Found]:
    """What a data source is called, who answers for it and what it is for; its columns are the files' own words."""
    from shiheng.fusion.sources import read_folder

    source = read_folder(folder)
    yield from map(Found, filter(None, (source.title, source.department, source.purpose)))


def in_lexicon(path: Path) -> Iterator[Found]:
    """What the rules letters are read by are called and what they tell; the words they look for are the letters'."""
    from shiheng.procedures.triage.definition import lexicon_of

    held = lexicon_of(path.read_text(encoding="utf-8"), path.parent.name)
    told = [word for rule in held.rules for word in (rule.title, rule.about)]
    told += [letter.repeat_says for letter in held.letters] + [says for _basis, says in held.laws]
    yield from map(Found, dict.fromkeys(word for word in told if CHINESE.search(word)))


TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')

# Tags of ``ui`` that put their words through the gate themselves.
GATED_TAGS = {"badge", "empty", "form", "notice", "progress", "stat", "definition_list", "timeline", "chart", "slot"}


def in_template(text: str) -> Iterator[Found]:
    """What ``translate`` and ``blocktranslate`` hold, and the words handed to tags of ``ui``."""
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    source = templatize(text)
    for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield Found(message, context)
    for tag in TAG.findall(COMMENT.sub("", text)):
        if tag[2:-2].split()[0] in GATED_TAGS:
            for first, second in QUOTED.findall(re.sub(r'_\(("[^"]*"|\'[^\']*\')\)', "", tag)):
                if CHINESE.search(first or second):
                    yield Found(first or second)
