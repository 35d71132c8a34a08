"""The Merkle tree of RFC 6962 as arithmetic on hashes: roots, inclusion and consistency proofs, and their verification.

Pure: where hashes are kept is the caller's business. A proof is planned as ranges of leaves, each covered by *nodes*
(roots of perfect subtrees, named by level and index), so whoever stores nodes answers in O(log n) reads.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Node = tuple[int, int]
"""A perfect subtree: ``(level, index)`` stands over the leaves ``[index << level, (index + 1) << level)``."""

Range = tuple[int, int]
Read = Callable[[Sequence[Node]], Sequence[bytes]]
"""Gives the hashes of nodes, in the order asked."""

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf: the prefix 0x00 keeps a leaf from ever passing for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two children under the prefix 0x01."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join subtrees of falling size, left to right, into the root over all of them."""
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes, level by level."""
    level = list(hashes)
    while len(level) > 1:
        pairs = iter(level)
        level = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


class Frontier:
    """A tree that only grows, kept as the roots of its perfect subtrees: O(log n) memory for any number of leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Take one more leaf hash."""
        carry, size = leaf, self.size
        while size & 1:
            carry = node_hash(self._peaks.pop(), carry)
            size >>= 1
        self._peaks.append(carry)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Take many leaf hashes, in order."""
        for leaf in leaves:
            self.append(leaf)

    def peaks(self) -> list[bytes]:
        """The roots of the perfect subtrees, largest first."""
        return list(self._peaks)

    def root(self) -> bytes:
        """The root of what was taken so far."""
        return fold(self._peaks) if self._peaks else EMPTY_ROOT


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes (not over the leaves' data)."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def split(width: int) -> int:
    """The largest power of two smaller than ``width``: how many leaves stand on the left."""
    return 1 << ((width - 1).bit_length() - 1)


def cover(start: int, end: int) -> list[Node]:
    """The fewest perfect subtrees over the leaves ``[start, end)``, left to right, as the tree itself has them."""
    nodes: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Which subtrees prove the leaf at ``index`` in a tree of ``size``, from the leaf's neighbour up to the root."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Which subtrees prove that the tree of ``new`` leaves continues the tree of ``old`` (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError(f"no proof from a tree of {old} to one of {new}")
    start, end, ranges = 0, new, []
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def read_ranges(ranges: Sequence[Range], read: Read) -> list[bytes]:
    """The roots over ``ranges``, with every node needed read in one call."""
    covers = [cover(start, end) for start, end in ranges]
    hashes = iter(read([node for nodes in covers for node in nodes]))
    return [fold([next(hashes) for _ in nodes]) for nodes in covers]


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """The audit path of one leaf."""
    return read_ranges(inclusion_ranges(index, size), read)


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """The path from one size of the tree to a later one."""
    return read_ranges(consistency_ranges(old, new), read)


def root_at(size: int, read: Read) -> bytes:
    """The root the tree had at ``size`` leaves."""
    return read_ranges([(0, size)], read)[0] if size else EMPTY_ROOT


def reader(leaves: Sequence[bytes]) -> Read:
    """Read nodes straight from leaf hashes held in memory, for small trees."""
    return lambda nodes: [perfect_root(leaves[i << level : (i + 1) << level]) for level, i in nodes]


def steps(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> list[tuple[str, bytes, bytes]] | None:
    """Climb from a leaf: for each step the side of the neighbour, the neighbour and the hash reached.

    None when the path has not exactly the length this place in this tree asks for (RFC 9162, 2.1.3.2).
    """
    if not 0 <= index < size:
        return None
    climbed: list[tuple[str, bytes, bytes]] = []
    place, last, reached = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            reached = node_hash(neighbour, reached)
            climbed.append(("left", neighbour, reached))
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, neighbour)
            climbed.append(("right", neighbour, reached))
        place, last = place >> 1, last >> 1
    return climbed if last == 0 else None


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root an audit path leads to, or None when the path does not fit the place."""
    climbed = steps(leaf, index, size, path)
    if climbed is None:
        return None
    return climbed[-1][2] if climbed else leaf


def roots_from_consistency(old: int, new: int, old_root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots a consistency path leads to (RFC 9162, 2.1.4.2), or None when the path does not fit the sizes."""
    if not 0 < old <= new:
        return None
    if old == new:
        return (old_root, old_root) if not path else None
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return None
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    earlier = later = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            earlier, later = node_hash(other, earlier), node_hash(other, later)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            later = node_hash(later, other)
        place, last = place >> 1, last >> 1
    return (earlier, later) if last == 0 else None
