"""Putting things on record, in the caller's transaction; giving them their places and signing over them, in our own."""

import json
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Refused
from shiheng.ledger import merkle, signing, tiles
from shiheng.ledger import rows as bulk
from shiheng.ledger.files import Kept
from shiheng.ledger.models import Attachment, Head, Leaf, Manifest, SigningKey, Tile, Tree
from shiheng.ledger.notes import Checkpoint
from shiheng.ledger.queries import held_tiles

SEAL_AT_ONCE = 10_000


class Actor(Protocol):
    """Whoever did it: the part of ``Who`` that goes on record."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one sealing did: how many leaves found their places, and the head signed over them (None: nothing new)."""

    leaves: int
    head: Head | None


def record(
    kind: str,
    *,
    subject: str,
    who: Actor,
    facts: Mapping[str, Any],
    scope: str = "",
    key: str | None = None,
) -> Leaf:
    """Put one thing on record in the caller's transaction. With a ``key``, saying it again gives the first leaf."""
    return _write(kind, subject=subject, who=who, facts=facts, scope=scope, key=key, rows=None)


def record_rows(
    kind: str,
    *,
    subject: str,
    who: Actor,
    rows: "Iterable[bytes] | bulk.Rows",
    facts: Mapping[str, Any],
    scope: str = "",
    key: str | None = None,
) -> Leaf:
    """Put a bulk write on record as ONE leaf: the root over its rows, whose hashes are kept as a manifest file.

    ``rows`` may be what ``rows.keep()`` gave: keep a large manifest first and open the transaction after.
    """
    kept = rows if isinstance(rows, bulk.Rows) else bulk.keep(rows)
    with transaction.atomic():
        leaf = _write(kind, subject=subject, who=who, facts=facts, scope=scope, key=key, rows=kept)
        Manifest.objects.get_or_create(leaf=leaf, defaults={"file": kept.file, "rows": kept.count, "root": kept.root})
    return leaf


def attach(
    subject: str,
    *,
    file: Kept,
    name: str,
    who: Actor,
    media: str = "",
    facts: Mapping[str, Any] | None = None,
    scope: str = "",
    key: str | None = None,
) -> Attachment:
    """Put a kept file on record for a subject. ``name`` is what the client called it: shown, never used as a path."""
    shown = shown_name(name)
    about = {**(facts or {}), "file": file.sha256, "size": file.size, "name": shown, "media": media}
    with transaction.atomic():
        leaf = _write("file.attached", subject=subject, who=who, facts=about, scope=scope, key=key, rows=None)
        attachment, _ = Attachment.objects.get_or_create(
            leaf=leaf,
            defaults={
                "subject": subject,
                "file": file.sha256,
                "size": file.size,
                "name": shown,
                "media": media[:100],
                "scope": scope,
                "at": leaf.at,
            },
        )
    return attachment


def shown_name(name: str) -> str:
    """A client's file name made harmless for showing: no folders, no control characters, at most 200 characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    return clean[-200:] or "未命名"


def canonical(content: Mapping[str, Any]) -> str:
    """JSON in the one spelling that is hashed: keys sorted, no spaces, text as it is."""
    try:
        text = json.dumps(
            content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain
        )
        text.encode()
    except (TypeError, ValueError) as error:
        raise Refused("ledger.bad_facts", f"存证内容无法写成规范的 JSON：{error}") from None
    return text


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in evidence")


def _write(
    kind: str,
    *,
    subject: str,
    who: Actor,
    facts: Mapping[str, Any],
    scope: str,
    key: str | None,
    rows: "bulk.Rows | None",
) -> Leaf:
    if not kind or not subject:
        raise Refused("ledger.nameless", "存证须写明事项与对象。")
    at = clock.now()
    content: dict[str, Any] = {
        "kind": kind,
        "subject": subject,
        "actor": who.key,
        "name": who.name,
        "scope": scope,
        "at": at.isoformat(),
        "facts": facts,
        # Paths of other leaves' proofs show this leaf's hash; the salt keeps its content from being guessed from it.
        "salt": secrets.token_hex(16),
    }
    if rows is not None:
        content["rows"] = asdict(rows)
    if key is not None:
        content["key"] = key
    body = canonical(content)
    leaf = Leaf(
        kind=kind,
        subject=subject,
        actor=who.key,
        actor_name=who.name,
        scope=scope,
        at=at,
        key=key,
        body=body,
        hash=merkle.leaf_hash(body.encode()).hex(),
    )
    if key is None:
        leaf.save(force_insert=True)
        return leaf
    if first := Leaf.objects.filter(key=key).first():
        return _same(first, leaf)
    try:
        with transaction.atomic():
            leaf.save(force_insert=True)
    except IntegrityError:
        return _same(Leaf.objects.get(key=key), leaf)
    return leaf


def _same(first: Leaf, again: Leaf) -> Leaf:
    """The first leaf under a key, if it says what is said again; the moment and the salt may differ."""
    said, now = first.content, again.content
    for passing in ("at", "salt"):
        said.pop(passing)
        now.pop(passing)
    if said != now:
        raise Conflict("ledger.other_payload", f"幂等键 {first.key} 已用于另一条内容不同的存证，未作记录。")
    return first


def seal(*, at_most: int = SEAL_AT_ONCE) -> Sealed:
    """Give every leaf without a place its place, extend the tree and sign its head; safe to run many at once.

    Goes on until nothing is left, ``at_most`` leaves a transaction. Whoever loses a round starts it again.
    """
    if not Tree.objects.exists():
        Tree.objects.bulk_create([Tree(pk=1)], ignore_conflicts=True)
    leaves, head = 0, None
    while Leaf.objects.filter(position__isnull=True).exists():
        done = _seal_once(at_most)
        if done is not None and done.head is not None:
            leaves, head = leaves + done.leaves, done.head
    return Sealed(leaves, head)


def _seal_once(at_most: int) -> Sealed | None:
    """One round; None when another sealer moved the tree first, and then nothing of ours is written."""
    try:
        with transaction.atomic():
            # The order matters: the size is read before the leaves, so leaves sequenced in between make the move fail.
            size = Tree.objects.values_list("size", flat=True).get(pk=1)
            found = Leaf.objects.filter(position__isnull=True).order_by("id").values_list("id", "hash")[:at_most]
            fresh = list(found)
            if not fresh:
                return Sealed(0, None)
            grown = size + len(fresh)
            if Tree.objects.filter(pk=1, size=size).update(size=grown) != 1:
                return None
            _give_places([(size + i, leaf_id) for i, (leaf_id, _) in enumerate(fresh)])
            head = _sign(grown, _extend(size, [bytes.fromhex(h) for _, h in fresh]))
    except OvertakenError:
        return None
    return Sealed(len(fresh), head)


class OvertakenError(Exception):
    """Another sealer was first; the transaction is rolled back."""


def _give_places(places: list[tuple[int, int]]) -> None:
    """Set positions by primary key, each only where none was set."""
    table = connection.ops.quote_name(Leaf._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET position = %s WHERE id = %s AND position IS NULL", places)  # noqa: S608
        if cursor.rowcount != len(places):
            raise OvertakenError


def _extend(size: int, leaves: list[bytes]) -> bytes:
    """Write the tiles the tree grows by, and give its new root."""
    unfinished = held_tiles(set(tiles.edge(size))) if size else {}
    written = tiles.grow(size, unfinished, leaves)
    fresh = []
    for place, hashes in written.items():
        if place in unfinished:
            Tile.objects.filter(level=place[0], index=place[1]).update(hashes=hashes)
        else:
            fresh.append(Tile(level=place[0], index=place[1], hashes=hashes))
    Tile.objects.bulk_create(fresh, batch_size=200)
    grown = size + len(leaves)
    known = {**unfinished, **written}
    missing = tiles.places([(0, grown)]) - known.keys()
    return merkle.root_at(grown, tiles.read_from(known | (held_tiles(missing) if missing else {})))


def _sign(size: int, root: bytes) -> Head:
    signer = signing.signer(may_make=not SigningKey.objects.exists())
    at = clock.now()
    known = SigningKey.objects.filter(fingerprint=signer.fingerprint).first()
    if known is None:
        if SigningKey.objects.exists():
            raise Refused(
                "ledger.key_unknown",
                "存证签名密钥被换过：keys/ledger.pem 不是此前签署树头的密钥。请从备份恢复原密钥；"
                "确要启用新密钥，由管理员运行 shiheng ledger rekey。",
            )
        known = SigningKey.objects.create(fingerprint=signer.fingerprint, public=signer.public.hex(), since=at)
    note = signer.sign(Checkpoint(size, root, at))
    return Head.objects.create(size=size, root=root.hex(), at=at, note=note, key=known)


def rekey(*, who: Actor) -> Leaf:
    """Start signing with a fresh key, on record; heads signed with earlier keys stay good under those keys."""
    before = list(SigningKey.objects.order_by("since").values_list("fingerprint", flat=True))
    signing.make(replace=True)
    signer = signing.signer(may_make=False)
    with transaction.atomic():
        SigningKey.objects.create(fingerprint=signer.fingerprint, public=signer.public.hex(), since=clock.now())
        return record("ledger.rekeyed", subject="ledger", who=who, facts={"before": before, "now": signer.fingerprint})
