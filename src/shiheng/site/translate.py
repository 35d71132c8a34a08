"""Message catalogues without GNU gettext: Chinese strings are the message ids, other languages are catalogues.

``python -m shiheng.site.translate extract`` gathers the ids from Python and templates and merges them into each
catalogue, keeping what is translated; ``compile`` makes what Django reads; ``report`` counts what is missing.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = ("en",)
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


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def messages() -> Iterator[tuple[str, int, Any, str | None]]:
    """Every translatable string of the package: file, line, message (or singular and plural), context."""
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            with path.open("rb") as file:
                for line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
                    yield path.relative_to(PACKAGE).as_posix(), line, message, context
    for path in sorted(PACKAGE.rglob("*.html")):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path.name))
        for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            yield path.relative_to(PACKAGE).as_posix(), line, message, context


def extract_catalogues() -> dict[str, int]:
    """Merge the ids of the source into each catalogue; gives how many ids each now holds."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po, write_po

    template = Catalog(charset="utf-8")
    for file, _line, message, context in messages():
        template.add(message, locations=[(file, None)], context=context)  # type: ignore[list-item]
    counts = {}
    for language in LANGUAGES:
        path = catalogue_path(language)
        if path.exists():
            with path.open("rb") as held:
                catalogue = read_po(held, locale=language)
            catalogue.update(template, no_fuzzy_matching=True)
        else:
            catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
            catalogue.update(template)
        catalogue.obsolete.clear()
        catalogue.project, catalogue.header_comment = "shiheng", f"# 市衡 Shiheng: {language}"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write_po(out, catalogue, omit_header=False, include_lineno=False, sort_output=True, width=120)
        counts[language] = len(catalogue)
    return counts


def compile_catalogues() -> int:
    """Write ``.mo`` beside each ``.po`` that is newer; gives how many were written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = 0
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as held:
            catalogue = read_po(held, locale=source.parent.parent.name)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as out:
            write_mo(out, catalogue)
        fresh.replace(target)
        written += 1
    return written


def missing(language: str) -> list[str]:
    """Ids of the source that a catalogue does not translate."""
    from babel.messages.pofile import read_po

    with catalogue_path(language).open("rb") as held:
        catalogue = read_po(held, locale=language)
    wanted = {message if isinstance(message, str) else message[0] for _f, _l, message, _c in messages()}
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and message.string and (isinstance(message.string, str) or all(message.string))
    }
    return sorted(wanted - translated)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m shiheng.site.translate", description=__doc__)
    parser.add_argument("step", choices=["extract", "compile", "report"])
    step = parser.parse_args().step
    if step == "extract":
        for language, count in extract_catalogues().items():
            print(f"{language}: {count} ids in {catalogue_path(language).relative_to(PACKAGE)}")
    elif step == "compile":
        print(f"{compile_catalogues()} catalogue(s) compiled")
    else:
        for language in LANGUAGES:
            left = missing(language)
            print(f"{language}: {len(left)} not translated", *left, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
