"""A file's evidence as one archive for an outside party: items, what was said of them, and proofs checked offline.

The archive is written as it is sent: nothing of it lies on a disk in the open. What the manifest says is fixed first
and its hash put on record, so that nothing can be left out of the archive, put into it or changed in it unseen.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shiheng.accounts.deeds import once
from shiheng.accounts.permissions import Who
from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import actions as ledger
from shiheng.ledger import files
from shiheng.ledger import queries as proofs
from shiheng.ledger.bundles import FORMAT, MANIFEST, WHOLE
from shiheng.ledger.models import Head, Leaf
from shiheng.procedures.evidence import actions, carrying, content, queries
from shiheng.procedures.evidence.definition import KINDS
from shiheng.procedures.models import Carried, Evidence, Proceeding, Redaction
from shiheng.ui.wording import in_the_record

ORIGINALS, MASKED = "original", "masked"
SHEET, PAGE = "清单.csv", "清单.html"  # not shown: names of files in the archive


@dataclass(slots=True)
class Bundle:
    """An archive about to be sent: its manifest as text, the leaf that holds its hash, and what goes in."""

    name: str
    manifest: bytes
    leaf: int
    readable: dict[str, bytes]
    kept: list[tuple[str, str]]  # path in the archive, hash of the kept file
    leaves: list[tuple[str, int]]  # path in the archive, leaf it proves


def make(who: Who, number: int, *, to: str, why: str, copies: str = ORIGINALS, key: UUID | None = None) -> Bundle:
    """Put on record that a file's evidence goes out, to whom and why, with the hash of the list of it.

    ``copies``: ``masked`` gives of every item that has masked copies the latest of them instead of the original.
    """
    to, why = to.strip()[:100], why.strip()[:500]
    if not to or not why:
        raise Refused("export.to", _("请写明提供给谁、用于什么。"), field="to" if not to else "why")
    made: dict[str, Bundle] = {}

    def do() -> dict[str, Any]:
        found = actions.handled(who, number)
        rows = list(queries.of_file(found).select_related("proceeding").prefetch_related("copies"))
        carried = list(carrying.of_file(found).prefetch_related("evidence__copies"))
        standing = [row for row in rows if row.withdrawn_at is None]
        standing += [one.evidence for one in carried if not one.secret]
        if not standing:
            raise Refused("export.nothing", _("案卷里没有可以导出的证据。"))
        for row in standing:
            queries.check_readable(who, row)
            event = actions.happen(row, who, "exported", taker=to, why=why)
            actions.on_record(who, row, "exported", {"event": event.number, "to": to, "why": why})
        built = _built(who, found, rows, carried, to=to, why=why, copies=copies)
        leaf = ledger.record(
            "evidence.exported", subject=f"file:{number}", who=who, scope=found.scope,
            facts={"number": found.number, "to": to, "why": why, "items": len(standing),
                   "manifest": hashlib.sha256(built.manifest).hexdigest()},
        )  # fmt: skip
        built.leaf = leaf.pk
        made["bundle"] = built
        return {"leaf": leaf.pk}

    payload = {"file": number, "to": to, "why": why, "copies": copies}
    once(who, key=key, action="procedures.evidence.export", payload=payload, do=do)
    if "bundle" not in made:
        raise Refused("export.again", _("这次导出已经办理过。需要再导出的，请重新填写。"))
    ledger.seal()
    return made["bundle"]


def _built(
    who: Who, held: Proceeding, own: Sequence[Evidence], carried: Sequence[Carried], *, to: str, why: str, copies: str
) -> Bundle:  # fmt: skip
    """What a file's own items and those carried into it come to; an item whose source is kept secret stays here, and
    the manifest says how many do.
    """
    rows = [*own, *(one.evidence for one in carried if not one.secret)]
    kept: list[tuple[str, str]] = []
    leaves: list[tuple[str, int]] = []
    items = []
    every: dict[str, list[int]] = {}
    for pk, subject in Leaf.objects.filter(
        subject__in=[actions.subject_of(row) for row in rows]
    ).order_by("id").values_list("pk", "subject"):  # fmt: skip
        every.setdefault(subject, []).append(pk)
    for row in rows:
        place = f"{row.number:03}" if row.proceeding_id == held.pk else f"{row.proceeding_id}-{row.number:03}"
        proved = [(f"proofs/{place}/{pk}.json", pk) for pk in every.get(actions.subject_of(row), [])]
        leaves += proved
        copy = max(row.copies.all(), key=lambda one: one.number, default=None) if copies == MASKED else None
        sent = [_file_of(row, copy, place)] if row.withdrawn_at is None else []
        kept += [(one["path"], one["sha256"]) for one in sent]
        items.append(
            {"number": row.number, "title": row.title, "sha256": row.file, "size": row.size, "media": row.media,
             "card": row.card, "withdrawn": row.withdrawn_why if row.withdrawn_at else "", "files": sent,
             "of": row.proceeding.number,
             "custody": [_told(one) for one in row.custody.order_by("number")],
             "proofs": [name for name, _pk in proved]}
        )  # fmt: skip
    secret = sum(one.secret for one in carried)
    page = _page(held, rows, items, to, why, secret)
    readable = {SHEET: _sheet(rows).encode("utf-8-sig"), PAGE: page.encode()}
    manifest = {
        "format": FORMAT, "file": {"number": held.number, "title": held.title}, "made_at": clock.now().isoformat(),
        "by": who.name, "to": to, "why": why, "items": items, "withheld": secret,
        "readable": [{"path": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in readable.items()],
    }  # fmt: skip
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    return Bundle(f"evidence-{held.pk}-{clock.today():%Y%m%d}.zip", text, 0, readable, kept, leaves)


def _file_of(row: Evidence, copy: Redaction | None, place: str) -> dict[str, Any]:
    media, sha256, size = (copy.media, copy.file, copy.size) if copy else (row.media, row.file, row.size)
    ending = content.of_media(media).ending if copy else PurePosixPath(row.name).suffix.lower()
    ending = ending if ending.isascii() and len(ending) < 8 else content.of_media(media).ending
    name = f"items/{place}{'-masked' if copy else ''}{ending}"
    return {"path": name, "sha256": sha256, "size": size, "as": "redacted" if copy else "original"}


def _told(row: Any) -> dict[str, Any]:
    return {"number": row.number, "what": actions.event_title(row.kind), "at": row.at.isoformat(), "from": row.giver,
            "to": row.taker, "why": row.why, "by": row.by}  # fmt: skip


def _sheet(rows: Sequence[Evidence]) -> str:
    made = io.StringIO()
    out = csv.writer(made)
    out.writerow(
        ["序号", "种类", "名称", "来源", "取证人员", "取证时间", "取证地点", "SHA-256", "字节数", "所在案卷", "说明"]
    )
    for row in rows:
        out.writerow(
            [row.number, KINDS[row.kind], _plain(row.title), _plain(row.source),
             _plain("、".join(name for _key, name in row.taken_by)),
             f"{row.taken_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}", _plain(row.place), row.file, row.size,
             row.proceeding.number, _plain(f"已撤回：{row.withdrawn_why}") if row.withdrawn_at else ""]
        )  # fmt: skip
    return made.getvalue()


def _plain(text: str) -> str:
    """Text a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _page(
    held: Any, rows: Sequence[Evidence], items: Sequence[dict[str, Any]], to: str, why: str, secret: int
) -> str:  # fmt: skip
    lines = [(row, KINDS[row.kind], item) for row, item in zip(rows, items, strict=True)]
    context = {"file": held, "lines": lines, "to": to, "why": why, "made_at": clock.now(),
               "secret": secret}  # fmt: skip
    with in_the_record():
        return render_to_string("procedures/evidence/bundle.html", context)


class _Pipe(io.RawIOBase):
    """Where the archive is written to: what was written is taken out at once and sent."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data


def stream(bundle: Bundle) -> Iterator[bytes]:
    """The archive piece by piece: first the lists and proofs, then the items."""
    head = proofs.heads().first()
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, bundle.manifest)
        for name, data in bundle.readable.items():
            archive.writestr(name, data)
        yield pipe.taken()
        wanted = [(WHOLE, bundle.leaf), *bundle.leaves]
        held = Leaf.objects.in_bulk([pk for _name, pk in wanted])
        for name, pk in wanted:
            archive.writestr(name, _proof(held[pk], head))
            yield pipe.taken()
        for name, sha256 in bundle.kept:
            with archive.open(name, "w", force_zip64=True) as entry, files.open_kept(sha256) as source:
                while chunk := source.read(files.CHUNK):
                    entry.write(chunk)
                    yield pipe.taken()
            yield pipe.taken()
    yield pipe.taken()


def _proof(leaf: Leaf, head: Head | None) -> str:
    return proofs.exported(proofs.proof(leaf, head=head))
