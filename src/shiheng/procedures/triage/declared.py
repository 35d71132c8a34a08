"""The lexicons of lines: ``triage.toml`` in a line's folder, read once, held in the registry."""

from collections.abc import Iterable
from pathlib import Path

from shiheng.kernel import clock, registry
from shiheng.procedures.triage.definition import ENGINE, Letter, Lexicon, lexicon_of

_read: set[Path] = set()


def declare(folders: Iterable[Path]) -> None:
    """Hold the words lines read letters by."""
    for path in (folder / "triage.toml" for folder in folders):
        if path.exists() and path not in _read:
            registry.declare(ENGINE, lexicon_of(path.read_text(encoding="utf-8"), path.parent.name))
            _read.add(path)


def lexicons() -> tuple[Lexicon, ...]:
    """Every lexicon in force today."""
    return tuple(registry.all_of(ENGINE, on=clock.today()))


def letter_of(procedure: str) -> tuple[Lexicon, Letter] | None:
    """How files of a procedure are read as letters; none where they are no letters."""
    for lexicon in lexicons():
        for letter in lexicon.letters:
            if letter.procedure == procedure:
                return lexicon, letter
    return None


def letters() -> dict[str, tuple[Lexicon, Letter]]:
    """The procedures whose files are letters."""
    return {letter.procedure: (lexicon, letter) for lexicon in lexicons() for letter in lexicon.letters}
