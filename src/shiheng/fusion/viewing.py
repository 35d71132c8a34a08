"""Reading what is personal in full: once, by who holds the power over it, for a reason, and on record.

What may be read is named by where it stands: ``row:12:5`` (a row of a landed file), ``refused:7`` (a refused row),
``record:88`` (a record of a subject's file), each with the column or fact; ``file:12`` is a landed file as a whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.fusion import personal, queries, reading, sources
from shiheng.fusion.models import Link, Quarantined
from shiheng.kernel import masking
from shiheng.kernel.errors import Forbidden, Missing
from shiheng.kernel.sealing import parse
from shiheng.ledger import files, keyring
from shiheng.subjects import layout, viewing
from shiheng.subjects.models import Record

WHOLE_FILE = "整个文件"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to read: where it stands, whose it is, and how to open it once that is on record."""

    at: str
    field: str
    title: str
    kind: str
    masked: str
    subject: str
    scope: str
    back: tuple[str, tuple[int, ...]]
    opened: Callable[[], str]
    file: str = ""
    filename: str = ""


def find(who: Who, at: str, field: str) -> Asked:
    """What ``at`` and ``field`` name, when this person may read it in full.

    Raises ``Missing`` where there is nothing personal, ``Forbidden`` without the power over its territory.
    """
    what, *numbers = at.split(":")
    counts = {"row": 2, "refused": 1, "record": 1, "file": 1}
    if len(numbers) != counts.get(what) or not all(n.isascii() and n.isdigit() and len(n) < 19 for n in numbers):
        raise _nothing()
    kinds: dict[str, Callable[..., Asked]] = {"row": _row, "refused": _refused, "record": _record, "file": _file}
    return kinds[what](who, at, field, *map(int, numbers))


def view(who: Who, asked: Asked, *, purpose: str, reason: str, key: str) -> str:
    """The value, after who read it and why has gone on record; one form shows it once."""
    value = asked.opened()
    viewing.put_on_record(
        who, at=asked.at, subject=asked.subject, scope=asked.scope, titles=[asked.title], kinds=[asked.kind],
        values=[value], purpose=purpose, reason=reason, key=key,
    )  # fmt: skip
    return value


def personal_titles(batch: Any, row: int) -> set[str]:
    """Under which headers of a landed row something personal stands."""
    return set(_cells(batch, row))


def _cells(batch: Any, row: int) -> dict[str, tuple[str, str]]:
    """Header → (what is personal under it, the value) of one landed row."""
    source = sources.find(batch.source)
    if not source.sensitive():
        return {}
    table = reading.read(files.KeptFile(batch.file), batch.filename)
    read = next(islice(table.rows, row - 1, row), None)
    return personal.personal_cells(source, table.header, read) if read else {}


def _row(who: Who, at: str, field: str, number: int, row: int) -> Asked:
    queries.row_of(who, number, row)
    batch = queries.batch(who, number)
    kind, value = _cells(batch, row).get(field, ("", ""))
    if not value:
        raise _nothing()
    link = Link.objects.filter(batch_id=number, row=row, until=None).select_related("subject").first()
    refused = Quarantined.objects.filter(batch_id=number, row=row).first()
    scopes = [batch.scope, *([link.subject.scope] if link else []), *([refused.scope] if refused else [])]
    subject = f"subject:{link.subject_id}" if link else f"batch:{number}"
    scope = _over(who, scopes)
    back = ("batch-row", (number, row))
    return Asked(at, field, field, kind, masking.mask(value, kind), subject, scope, back, lambda: value)


def _refused(who: Who, at: str, field: str, number: int) -> Asked:
    found = queries.refused_row(who, number)
    sealed = parse(str(found.raw.get(field, "")))
    if sealed is None:
        raise _nothing()
    text = str(found.raw[field])
    scope = _over(who, [found.scope, found.batch.scope])
    subject, back = f"batch:{found.batch_id}", ("quarantined", (number,))
    return Asked(
        at, field, field, sealed.kind, keyring.shown(text), subject, scope, back, lambda: keyring.unsealed(text)
    )


def _record(who: Who, at: str, field: str, number: int) -> Asked:
    found = Record.objects.select_related("subject").filter(pk=number).first()
    text = str(found.facts.get(field, "")) if found and isinstance(found.facts, dict) else ""
    sealed = parse(text)
    if found is None or sealed is None:
        raise _nothing()
    scope = _over(who, [found.subject.scope])
    title = layout.FACTS.get(field, field)
    subject, back = f"subject:{found.subject_id}", ("subject", (found.subject_id,))
    return Asked(
        at, field, title, sealed.kind, keyring.shown(text), subject, scope, back, lambda: keyring.unsealed(text)
    )


def _file(who: Who, at: str, _field: str, number: int) -> Asked:
    batch = queries.own(who, number)
    if not sources.find(batch.source).sensitive():
        raise _nothing()
    scope = _over(who, [batch.scope])
    back = ("batch", (number,))
    subject = f"batch:{number}"
    return Asked(at, "", WHOLE_FILE, "", batch.filename, subject, scope, back, lambda: "", batch.file, batch.filename)


def _over(who: Who, scopes: list[str]) -> str:
    """The first of these territories over which personal data may be read."""
    for scope in scopes:
        if who.may(May.READ_PERSONAL, scope):
            return scope
    raise Forbidden("personal.power", _("您的岗位没有在这个辖区查看个人信息全文的权限，页面只显示掩码后的内容。"))


def _nothing() -> Missing:
    return Missing("personal.nothing", _("这里没有可查看的个人信息，或它不在您的管辖范围内。"))
