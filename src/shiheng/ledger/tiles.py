"""How a tree of any size is kept in few rows: tiles of 256 hashes, eight levels of the tree apart.

Pure. A tile of level t holds the nodes of tree level 8t; what lies between two tile levels is hashed again when asked
for. A million leaves are about four thousand tiles, and a proof touches at most two tiles a level.
"""

from collections.abc import Iterable, Mapping, Sequence

from shiheng.ledger import merkle

HEIGHT = 8
WIDTH = 1 << HEIGHT
TILE_BYTES = WIDTH * merkle.HASH_SIZE

Place = tuple[int, int]
"""A tile: ``(tile level, index)``."""


def place_of(node: merkle.Node) -> Place:
    """The tile from which ``node`` can be computed."""
    level, index = node
    return level // HEIGHT, (index << level % HEIGHT) >> HEIGHT


def node_in(tile: bytes, node: merkle.Node) -> bytes:
    """The hash of ``node`` from the tile ``place_of`` named; short tiles raise, they never guess."""
    level, index = node
    width = 1 << level % HEIGHT
    first = (index * width) % WIDTH
    cut = tile[first * merkle.HASH_SIZE : (first + width) * merkle.HASH_SIZE]
    if len(cut) != width * merkle.HASH_SIZE:
        raise LookupError(f"tile {place_of(node)} is too short for node {node}")
    return merkle.perfect_root(divide(cut))


def divide(data: bytes) -> list[bytes]:
    """Hashes from their concatenation."""
    return [data[i : i + merkle.HASH_SIZE] for i in range(0, len(data), merkle.HASH_SIZE)]


def levels_of(size: int) -> list[int]:
    """How many hashes each tile level keeps in a tree of ``size`` leaves."""
    counts = [size]
    while counts[-1] >= WIDTH:
        counts.append(counts[-1] >> HEIGHT)
    return counts


def edge(size: int) -> list[Place]:
    """The tiles that are not full yet at ``size``: what must be at hand to grow further."""
    return [(level, count >> HEIGHT) for level, count in enumerate(levels_of(size)) if count % WIDTH]


def grow(size: int, unfinished: Mapping[Place, bytes], leaves: Sequence[bytes]) -> dict[Place, bytes]:
    """Every tile that is new or longer once ``leaves`` (hashes) follow a tree of ``size``."""
    written: dict[Place, bytes] = {}
    level, count, fresh = 0, size, list(leaves)
    while fresh:
        index, held = count >> HEIGHT, count % WIDTH
        start = unfinished[level, index] if held else b""
        if len(start) != held * merkle.HASH_SIZE:
            raise LookupError(f"tile {(level, index)} holds {len(start)} bytes, {held} hashes were expected")
        data = start + b"".join(fresh)
        fresh = []
        for offset in range(0, len(data), TILE_BYTES):
            tile = data[offset : offset + TILE_BYTES]
            written[level, index + offset // TILE_BYTES] = tile
            if len(tile) == TILE_BYTES:
                fresh.append(merkle.perfect_root(divide(tile)))
        level, count = level + 1, count >> HEIGHT
    return written


def read_from(held: Mapping[Place, bytes]) -> merkle.Read:
    """Read nodes from tiles at hand."""
    return lambda nodes: [node_in(held[place_of(node)], node) for node in nodes]


def places(ranges: Iterable[merkle.Range]) -> set[Place]:
    """The tiles needed to compute the roots over ``ranges``."""
    return {place_of(node) for start, end in ranges for node in merkle.cover(start, end)}
