"""The whole log computed again from its leaves and held against every head, tile, column and manifest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from shiheng.kernel import clock
from shiheng.kernel.errors import Refused
from shiheng.ledger import merkle, notes, tiles
from shiheng.ledger import rows as bulk
from shiheng.ledger.models import Head, Leaf, Manifest, Tile, Tree

STRIDE = 5_120
MOST_FAULTS = 100


@dataclass(slots=True)
class Audit:
    """What was looked at and what was found wrong, in Chinese."""

    leaves: int = 0
    unsealed: int = 0
    heads: int = 0
    manifests: int = 0
    bulk_leaves: int = 0
    faults: list[str] = field(default_factory=list)
    more_faults: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def fault(self, text: str) -> None:
        """Note one thing that is wrong; past a hundred they are only counted."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)
        else:
            self.more_faults += 1


def verify_all(progress: Callable[[int, int], None] | None = None) -> Audit:
    """Recompute everything. Reads each leaf once, in memory that does not grow with the log."""
    audit = Audit()
    size = Tree.objects.values_list("size", flat=True).first() or 0
    signed = _heads(audit)
    edge: dict[tiles.Place, bytes] = {}
    frontier, expected = merkle.Frontier(), next(signed, None)
    last_size = 0
    for chunk in _chunks():
        hashes = []
        for leaf in chunk:
            if leaf.position != frontier.size:
                audit.fault(f"序号应为 {frontier.size}，读到的是 {leaf.position}：其间的存证被删除或调换")
                return _finish(audit, size, frontier.size, last_size, expected, signed)
            _check_leaf(leaf, audit)
            # What is written in the row does not count: the tree is built from the text itself.
            hashes.append(merkle.leaf_hash(leaf.body.encode()))
            frontier.append(hashes[-1])
            while expected is not None and expected.size == frontier.size:
                if expected.root != frontier.root().hex():
                    audit.fault(f"前 {expected.size} 叶算得的根哈希与 {expected.size} 叶树头所签的不同")
                last_size, expected = expected.size, next(signed, None)
        edge = _check_tiles(frontier.size - len(hashes), edge, hashes, audit)
        audit.leaves = frontier.size
        if progress:
            progress(frontier.size, size)
    return _finish(audit, size, frontier.size, last_size, expected, signed)


def _finish(
    audit: Audit, size: int, found: int, last_size: int, expected: Head | None, signed: Iterator[Head]
) -> Audit:
    audit.leaves = found
    if expected is not None:
        audit.fault(f"树头签有 {expected.size} 叶，现存的连续存证只有 {found} 叶")
    last_size = max([last_size, *([expected.size] if expected else []), *(head.size for head in signed)])
    if found != size:
        audit.fault(f"存证树记有 {size} 叶，现存的连续存证有 {found} 叶")
    if last_size != size:
        audit.fault(f"存证树记有 {size} 叶，最后的树头签有 {last_size} 叶")
    extra = Tile.objects.filter(level__gte=len(tiles.levels_of(found))).count()
    if extra:
        audit.fault(f"有 {extra} 个多出的树块")
    for leaf in Leaf.objects.filter(position__isnull=True).order_by("id").iterator():
        audit.unsealed += 1
        _check_leaf(leaf, audit)
    for manifest in Manifest.objects.select_related("leaf").order_by("id").iterator():
        audit.manifests += 1
        _check_manifest(manifest, audit)
    if audit.manifests != audit.bulk_leaves:
        audit.fault(f"有 {audit.bulk_leaves} 条存证记有逐行清单，登记的清单有 {audit.manifests} 份")
    return audit


def _chunks() -> Iterator[list[Leaf]]:
    position = -1
    while chunk := list(Leaf.objects.filter(position__gt=position).order_by("position")[:STRIDE]):
        yield chunk
        position = chunk[-1].position or 0


def _heads(audit: Audit) -> Iterator[Head]:
    """The heads, first to last, each with its note read and its signature found good or reported."""
    for head in Head.objects.select_related("key").order_by("size").iterator():
        audit.heads += 1
        public = bytes.fromhex(head.key.public)
        if notes.fingerprint(public) != head.key_id:
            audit.fault(f"{head.size} 叶树头所用公钥与其指纹不符")
        try:
            said = notes.read(head.note, public)
        except Refused as error:
            audit.fault(f"{head.size} 叶树头：{error.message}")
        else:
            if (said.size, said.root.hex(), said.at) != (head.size, head.root, head.at):
                audit.fault(f"{head.size} 叶树头的登记与其签名文本不符")
        yield head


def _check_leaf(leaf: Leaf, audit: Audit) -> None:
    if merkle.leaf_hash(leaf.body.encode()).hex() != leaf.hash:
        audit.fault(f"{_named(leaf)}的正文与叶哈希不符")
        return
    said = _said(leaf)
    columns = {
        "kind": leaf.kind,
        "subject": leaf.subject,
        "actor": leaf.actor,
        "name": leaf.actor_name,
        "scope": leaf.scope,
        "key": leaf.key,
        "at": leaf.at.astimezone(clock.SHANGHAI).isoformat(),
    }
    audit.bulk_leaves += "rows" in said
    wrong = [name for name, value in columns.items() if said.get(name) != value]
    if wrong:
        audit.fault(f"{_named(leaf)}的登记与正文不符：{'、'.join(wrong)}")


def _check_tiles(
    size: int, edge: dict[tiles.Place, bytes], hashes: list[bytes], audit: Audit
) -> dict[tiles.Place, bytes]:
    """Hold the tiles these leaves touch against the stored ones; a stored tile may already reach further."""
    written = tiles.grow(size, edge, hashes)
    stored: dict[tiles.Place, bytes] = {}
    for level in {level for level, _ in written}:
        indexes = [index for at, index in written if at == level]
        found = Tile.objects.filter(level=level, index__gte=min(indexes), index__lte=max(indexes))
        stored.update({(tile.level, tile.index): bytes(tile.hashes) for tile in found})
    for place, data in written.items():
        if not stored.get(place, b"").startswith(data):
            audit.fault(f"第 {place[0]} 层第 {place[1]} 号树块与存证不符")
    return {**edge, **{place: data for place, data in written.items() if len(data) < tiles.TILE_BYTES}}


def _check_manifest(manifest: Manifest, audit: Audit) -> None:
    said = _said(manifest.leaf).get("rows")
    if said != {"count": manifest.rows, "file": manifest.file, "root": manifest.root}:
        audit.fault(f"{_named(manifest.leaf)}的清单登记与正文不符")
    elif fault := bulk.fault_of(bulk.Rows(manifest.rows, manifest.root, manifest.file)):
        audit.fault(f"{_named(manifest.leaf)}：{fault}")


def _said(leaf: Leaf) -> dict[str, Any]:
    """The body, read; a body that is no JSON object says nothing, and so disagrees with its row."""
    try:
        said = leaf.content
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _named(leaf: Leaf) -> str:
    return f"存证 {leaf.pk}" if leaf.position is None else f"序号 {leaf.position} 的存证"
