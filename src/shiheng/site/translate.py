"""Message catalogues without GNU gettext: Chinese strings are the message ids, each room keeps its other languages.

``python -m shiheng.site.translate extract [room…]`` gathers a room's ids and merges them into its catalogue, keeping
what is translated; ``compile`` makes what Django reads; ``report`` lists what has no English yet.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shiheng.site.wordings import PACKAGE, Found, wordings

LANGUAGES = ("en",)
WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)  # a fresh date would change every file at every extraction
ROOMS = (
    "accounts",
    "catalogue",
    "fusion",
    "jobs",
    "kernel",
    "ledger",
    "lines",
    "procedures",
    "publication",
    "registers",
    "services",
    "site",
    "subjects",
    "ui",
)


def catalogue_path(room: str, language: str = "en") -> Path:
    return PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(room: str, language: str = "en") -> Any:
    """A room's catalogue; an empty one where there is none yet."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    path = catalogue_path(room, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as held:
        return read_po(held, locale=language)


def identity(message: Any) -> Found:
    return Found(message.id, message.context)


def translated(message: Any) -> bool:
    return bool(message.string if isinstance(message.string, str) else message.string and all(message.string))


def extract_catalogue(room: str, language: str = "en") -> tuple[int, int]:
    """Merge the ids of a room's source into its catalogue; gives how many it holds and how many have no text yet.

    An id another room has translated begins with that room's text, so one word reads the same everywhere.
    """
    from babel.messages import Catalog
    from babel.messages.pofile import write_po

    template = Catalog(charset="utf-8")
    for found, file in wordings(room):
        template.add(found.id, locations=[(file, None)], context=found.context)  # type: ignore[list-item]
    catalogue = read_catalogue(room, language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    elsewhere = {
        identity(m): m.string for r in ROOMS if r != room for m in read_catalogue(r, language) if translated(m)
    }
    for message in catalogue:
        if message.id and not translated(message) and identity(message) in elsewhere:
            message.string = elsewhere[identity(message)]
    catalogue.project, catalogue.header_comment = "shiheng", f"# 市衡 Shiheng, {room}: {language}"
    catalogue.creation_date = catalogue.revision_date = WRITTEN
    path = catalogue_path(room, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        write_po(out, catalogue, include_lineno=False, sort_output=True, width=120)
    return len(catalogue), len(missing(room, language))


def compile_catalogues() -> int:
    """Write ``.mo`` beside each ``.po`` that is newer; gives how many were written."""
    from babel.messages.mofile import write_mo

    written = 0
    for room in ROOMS:
        for language in LANGUAGES:
            source = catalogue_path(room, language)
            target = source.with_suffix(".mo")
            if not source.exists():
                continue
            if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            fresh = target.with_suffix(".mo.new")
            with fresh.open("wb") as out:
                write_mo(out, read_catalogue(room, language))
            fresh.replace(target)
            written += 1
    return written


def missing(room: str, language: str = "en") -> list[str]:
    """Ids of a room's source that its catalogue does not translate."""
    held = {identity(message) for message in read_catalogue(room, language) if message.id and translated(message)}
    return sorted({found.text for found, _file in wordings(room) if found not in held})


def disagreements(language: str = "en") -> Iterator[tuple[str, dict[str, str]]]:
    """Ids two rooms translate differently: Django merges the catalogues, so only one of the texts is ever shown."""
    texts: dict[Found, dict[str, str]] = {}
    for room in ROOMS:
        for message in read_catalogue(room, language):
            if message.id and translated(message):
                texts.setdefault(identity(message), {})[room] = str(message.string)
    for found, held in texts.items():
        if len(set(held.values())) > 1:
            yield found.text, held


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shiheng.site.translate", description=__doc__)
    parser.add_argument("step", choices=["extract", "compile", "report"])
    parser.add_argument("room", nargs="*", choices=[*ROOMS, []], help="default: all rooms")
    given = parser.parse_args(arguments)
    rooms = given.room or ROOMS
    if given.step == "extract":
        for room in rooms:
            count, left = extract_catalogue(room)
            print(f"{room}: {count} ids, {left} not translated, in {catalogue_path(room).relative_to(PACKAGE)}")
    elif given.step == "compile":
        print(f"{compile_catalogues()} catalogue(s) compiled")
    else:
        for room in rooms:
            left_over = missing(room)
            print(f"{room}: {len(left_over)} not translated", *left_over, sep="\n  ")
        for text, held in disagreements():
            if set(held) & set(rooms):
                print(f"translated differently: {text!r} {held}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
