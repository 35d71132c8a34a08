"""The manifest of a bulk write: its rows' hashes in a kept file, laid out so that one row's proof is a short read.

The file is the row hashes one after another, then the hashes eight levels up, and so on: the tile levels of ``tiles``
without their borders. A million rows are written in one pass with a few kilobytes in memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shiheng.ledger import files, merkle, tiles


@dataclass(frozen=True, slots=True)
class Rows:
    """A manifest that is on the disk: how many rows, their root, and the kept file of their hashes."""

    count: int
    root: str
    file: str


def keep(rows: Iterable[bytes]) -> Rows:
    """Hash rows as they come and keep their manifest."""
    frontier, count, upper = merkle.Frontier(), 0, []
    held: list[bytes] = []
    with files.writing() as writer:
        for row in rows:
            held.append(merkle.leaf_hash(row))
            if len(held) == tiles.WIDTH:
                writer.write(b"".join(held))
                upper.append(merkle.perfect_root(held))
                count += tiles.WIDTH
                held.clear()
        writer.write(b"".join(held))
        count += len(held)
        level = upper
        while level:
            writer.write(b"".join(level))
            whole = len(level) // tiles.WIDTH * tiles.WIDTH
            level = [merkle.perfect_root(level[i : i + tiles.WIDTH]) for i in range(0, whole, tiles.WIDTH)]
    # The roots of full blocks of 256 are joined eight levels up; only the last, short block is joined leaf by leaf.
    frontier.extend(upper)
    parts = frontier.peaks() + [merkle.perfect_root(held[a:b]) for a, b in _blocks(len(held))]
    assert writer.kept is not None
    return Rows(count, (merkle.fold(parts) if parts else merkle.EMPTY_ROOT).hex(), writer.kept.sha256)


def expected_size(count: int) -> int:
    """How many bytes a manifest of ``count`` rows has."""
    return sum(tiles.levels_of(count)) * merkle.HASH_SIZE if count else 0


def proof(file: str, count: int, index: int) -> tuple[bytes, list[bytes]]:
    """The hash of row ``index`` and its path to the rows' root."""
    starts = [0]
    for length in tiles.levels_of(count):
        starts.append(starts[-1] + length)
    with files.open_kept(file) as handle:

        def node(level: int, place: int) -> bytes:
            width = 1 << level % tiles.HEIGHT
            handle.seek((starts[level // tiles.HEIGHT] + place * width) * merkle.HASH_SIZE)
            return merkle.perfect_root(tiles.divide(handle.read(width * merkle.HASH_SIZE)))

        def read(nodes: Iterable[merkle.Node]) -> list[bytes]:
            return [node(level, place) for level, place in nodes]

        return node(0, index), merkle.inclusion_proof(index, count, read)


def hashes(file: str, count: int) -> Iterator[bytes]:
    """The row hashes of a manifest, in order."""
    left = count * merkle.HASH_SIZE
    with files.open_kept(file) as handle:
        while left and (chunk := handle.read(min(left, tiles.TILE_BYTES))):
            left -= len(chunk)
            yield from tiles.divide(chunk)


def fault_of(rows: Rows) -> str | None:
    """Read a manifest through and say, in Chinese, what is wrong with it; None when it is whole."""
    if fault := files.fault_of(rows.file):
        return fault
    size = files.size_of(rows.file)
    if size != expected_size(rows.count):
        return f"清单文件 {rows.file} 长 {size} 字节，{rows.count} 行应为 {expected_size(rows.count)} 字节"
    found = merkle.root(hashes(rows.file, rows.count)).hex()
    return None if found == rows.root else f"清单文件 {rows.file} 的行根是 {found}，存证中记的是 {rows.root}"


def _blocks(count: int) -> list[tuple[int, int]]:
    return [(index << level, (index + 1) << level) for level, index in merkle.cover(0, count)]
