"""A register as sorted lines without serial numbers or times of writing: two that say the same are the same text."""

import hashlib
import json
from collections.abc import Iterator

from shiheng.registers.models import Entry, Note


def lines(register: str = "") -> Iterator[str]:
    """Every live entry as one JSON line, in the order of registers and keys; all registers, or one."""
    rows = Entry.objects.filter(live=True, **({"register": register} if register else {}))
    for entry in rows.order_by("register", "key").select_related("subject").iterator(chunk_size=2_000):
        yield json.dumps(
            {
                "register": entry.register,
                "key": entry.key,
                "version": entry.version.isoformat(),
                "subject": entry.subject.mint_key if entry.subject else None,
                "title": entry.title,
                "state": entry.state,
                "since": entry.since.isoformat() if entry.since else None,
                "until": entry.until.isoformat() if entry.until else None,
                "scope": entry.scope,
                "entered_on": entry.entered_on.isoformat(),
                "facts": entry.facts,
            },
            ensure_ascii=False,
            sort_keys=True,
        )
    notes = Note.objects.filter(undone=False, entry__live=True, **({"entry__register": register} if register else {}))
    for note in notes.order_by("entry__register", "entry__key", "day", "kind", "text").select_related("entry"):
        said = [note.entry.register, note.entry.key, note.kind, note.day.isoformat(), note.text]
        yield json.dumps({"note": said}, ensure_ascii=False)


def dump(register: str = "") -> str:
    """The lines as one text."""
    return "\n".join(lines(register))


def digest(register: str = "") -> str:
    """SHA-256 over the lines."""
    held = hashlib.sha256()
    for line in lines(register):
        held.update(line.encode() + b"\n")
    return held.hexdigest()
