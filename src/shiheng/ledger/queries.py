"""Reading the log: what is on record, proofs to take away, and the whole of it computed again."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shiheng.kernel import clock
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import merkle, notes, tiles, verify
from shiheng.ledger import rows as bulk
from shiheng.ledger.audit import Audit, verify_all
from shiheng.ledger.models import Head, Leaf, Manifest, SigningKey, Tile, Tree

__all__ = ["Audit", "verify_all"]

LATEST_SEAL = timedelta(seconds=10)
READ = "ledger.read"
"""The power this room's pages are behind (``accounts.permissions.May.READ_LEDGER``, which stands above this room)."""


class Reader(Protocol):
    """Whoever reads: the part of ``Who`` that says over which territory."""

    def paths(self, power: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the log stands now."""

    size: int
    head: Head | None
    unsealed: int
    oldest_unsealed: datetime | None

    @property
    def overdue(self) -> bool:
        """Whether a leaf waits longer than the ten seconds it may."""
        return self.oldest_unsealed is not None and clock.now() - self.oldest_unsealed > LATEST_SEAL


def visible_to(who: Reader) -> QuerySet[Leaf]:
    """The leaves whose content ``who`` may read: inside their territory, and those that belong to no territory."""
    paths = who.paths(READ)
    if not paths:
        return Leaf.objects.none()
    if "" in paths:
        return Leaf.objects.all()
    territory = Q(scope="")
    for path in paths:
        territory |= Q(scope__gte=path, scope__lt=path[:-1] + chr(ord(path[-1]) + 1))
    return Leaf.objects.filter(territory)


def history(subject: str) -> QuerySet[Leaf]:
    """Everything on record for a subject, first to last. Who may see the subject may see this."""
    return Leaf.objects.filter(subject=subject).order_by("id")


def heads() -> QuerySet[Head]:
    """The signed heads, latest first."""
    return Head.objects.select_related("key").order_by("-size")


def public_keys() -> list[SigningKey]:
    """Every public key ever used, latest first."""
    return list(SigningKey.objects.order_by("-since"))


def standing() -> Standing:
    """Size, last head, and what still waits for its place."""
    waiting = Leaf.objects.filter(position__isnull=True)
    oldest = waiting.order_by("id").values_list("at", flat=True).first()
    size = Tree.objects.values_list("size", flat=True).first() or 0
    return Standing(size, heads().first(), waiting.count(), oldest)


def held_tiles(places: set[tiles.Place]) -> dict[tiles.Place, bytes]:
    """Tiles of the stored tree, in one query; a tile that is not there is not in the answer."""
    wanted = Q(pk__in=())
    for level in sorted({place[0] for place in places}):
        wanted |= Q(level=level, index__in=sorted(index for at, index in places if at == level))
    return {(tile.level, tile.index): bytes(tile.hashes) for tile in Tile.objects.filter(wanted)}


def read_nodes(nodes: Sequence[merkle.Node]) -> list[bytes]:
    """Nodes of the stored tree, in one query."""
    held = held_tiles({tiles.place_of(node) for node in nodes})
    try:
        return [tiles.node_in(held[place], node) for node in nodes for place in [tiles.place_of(node)]]
    except LookupError:
        raise Refused(
            "ledger.tree_broken", "存证树的数据不完整，无法给出证明。请运行 shiheng ledger audit 查明，并从备份恢复。"
        ) from None


def proof(
    leaf: Leaf, *, row: int | None = None, content: bytes | None = None, head: Head | None = None
) -> dict[str, Any]:
    """Everything a stranger needs to check one leaf (or one row of a bulk write) without this database."""
    head = head or heads().first()
    if leaf.position is None or head is None or leaf.position >= head.size:
        raise Refused("ledger.unsealed", "这条存证刚刚记下，尚未封存，暂无证明。封存每几秒一次，请稍后再取。")
    bundle = {
        "format": verify.PROOF,
        "leaf": leaf.body,
        "position": leaf.position,
        "path": [step.hex() for step in merkle.inclusion_proof(leaf.position, head.size, read_nodes)],
        "head": head.note,
        "key": key_line(head),
    }
    if row is not None:
        bundle["row"] = _row(leaf, row, content)
    return bundle


def consistency(old: int, new: int | None = None) -> dict[str, Any]:
    """Proof that the head of ``new`` leaves (the latest, if not said) continues the head of ``old``."""
    earlier = head_of(old)
    later = heads().first() if new is None else head_of(new)
    assert later is not None
    if earlier.size > later.size:
        raise Refused(
            "ledger.proof_sizes",
            _("早的树头（%(old)s 叶）不能比晚的树头（%(new)s 叶）大。") % {"old": earlier.size, "new": later.size},
        )
    path = merkle.consistency_proof(earlier.size, later.size, read_nodes)
    return {
        "format": verify.CONSISTENCY,
        "old": earlier.note,
        "old_key": key_line(earlier),
        "new": later.note,
        "new_key": key_line(later),
        "path": [step.hex() for step in path],
    }


def key_line(head: Head) -> str:
    """The public key a head was signed with, as the line to give away."""
    return notes.verifier_key(bytes.fromhex(head.key.public))


def exported(bundle: dict[str, Any]) -> str:
    """A bundle as the text of a file."""
    return json.dumps(bundle, ensure_ascii=False, indent=1) + "\n"


def head_of(size: int) -> Head:
    """The head signed over exactly ``size`` leaves."""
    head = heads().filter(size=size).first()
    if head is None:
        raise Missing("ledger.no_head", _("没有 %(size)s 叶的树头。请从树头列表中选择。") % {"size": size})
    return head


def _row(leaf: Leaf, index: int, content: bytes | None) -> dict[str, Any]:
    manifest = Manifest.objects.filter(leaf=leaf).first()
    if manifest is None:
        raise Refused("ledger.no_rows", "这条存证不是批量写入，没有逐行清单。")
    if not 0 <= index < manifest.rows:
        raise Missing(
            "ledger.no_row",
            _("清单共 %(rows)s 行，行号应在 0 至 %(last)s 之间。") % {"rows": manifest.rows, "last": manifest.rows - 1},
        )
    row_hash, path = bulk.proof(manifest.file, manifest.rows, index)
    row: dict[str, Any] = {"index": index, "hash": row_hash.hex(), "path": [step.hex() for step in path]}
    if content is not None:
        if merkle.leaf_hash(content) != row_hash:
            raise Refused("ledger.other_row", f"所给内容不是清单的第 {index} 行：哈希不符。")
        row["content"] = base64.b64encode(content).decode()
    return row
