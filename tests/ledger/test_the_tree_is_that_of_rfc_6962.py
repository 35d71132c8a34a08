"""Roots and proofs agree with the published vectors and with an independent implementation."""

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shiheng.ledger import merkle, tiles

EIGHT = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [  # of the first 1, 2, 3 … leaves
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(bytes.fromhex(data)) for data in EIGHT]


class Second(pymerkle.InmemoryTree):
    """The second implementation, fed with the same data."""

    def __init__(self, entries: list[bytes]) -> None:
        super().__init__(algorithm="sha256")
        self.append_entries(entries)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_eight_known_leaves_give_the_known_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]
    assert merkle.root_at(size, merkle.reader(LEAVES)).hex() == ROOTS[size - 1]


def test_known_audit_paths_are_found() -> None:
    read = merkle.reader(LEAVES)
    assert [step.hex() for step in merkle.inclusion_proof(0, 8, read)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in merkle.consistency_proof(6, 8, read)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_the_second_implementation_is_of_the_same_standard() -> None:
    assert Second([bytes.fromhex(data) for data in EIGHT]).get_root().hex() == ROOTS[-1]


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=140), st.data())
@settings(max_examples=60, deadline=None)
def test_a_second_implementation_agrees_on_roots_and_audit_paths(entries: list[bytes], data: st.DataObject) -> None:
    leaves, second = [merkle.leaf_hash(entry) for entry in entries], Second(entries)
    size = data.draw(st.integers(1, len(entries)), label="size")
    index = data.draw(st.integers(0, size - 1), label="index")
    root = merkle.root(leaves[:size])
    assert root == second.get_root(size)
    path = merkle.inclusion_proof(index, size, merkle.reader(leaves))
    theirs = second.prove_inclusion(index + 1, size)
    assert [leaves[index], *path] == theirs.path
    assert merkle.root_from_path(leaves[index], index, size, path) == root
    pymerkle.verify_inclusion(leaves[index], root, theirs, index=index + 1, size=size)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=140), st.data())
@settings(max_examples=60, deadline=None)
def test_a_second_implementation_agrees_on_consistency(entries: list[bytes], data: st.DataObject) -> None:
    leaves, second = [merkle.leaf_hash(entry) for entry in entries], Second(entries)
    new = data.draw(st.integers(1, len(entries)), label="new")
    old = data.draw(st.integers(1, new), label="old")
    before, after = second.get_root(old), second.get_root(new)
    path = merkle.consistency_proof(old, new, merkle.reader(leaves))
    assert merkle.roots_from_consistency(old, new, before, path) == (before, after)
    pymerkle.verify_consistency(before, after, second.prove_consistency(old, new), prior_size=old, later_size=new)
    # Its paths are cut otherwise than the standard's, so the standard's own recursion is run over its subtrees.
    assert path == subproof(old, 0, new, True, second)


def subproof(old: int, start: int, end: int, whole: bool, tree: Second) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2, word for word, over the leaves ``[start, end)``."""
    if old == end - start:
        return [] if whole else [tree._get_root(start, end)]
    k = 1
    while k * 2 < end - start:
        k *= 2
    if old <= k:
        return [*subproof(old, start, start + k, whole, tree), tree._get_root(start + k, end)]
    return [*subproof(old - k, start + k, end, False, tree), tree._get_root(start, start + k)]


@given(st.integers(1, 70_000), st.data())
@settings(max_examples=40, deadline=None)
def test_proofs_read_from_tiles_are_those_of_the_whole_tree(size: int, data: st.DataObject) -> None:
    leaves = [size.to_bytes(4) + n.to_bytes(28) for n in range(size)]
    held: dict[tiles.Place, bytes] = {}
    done = 0
    while done < size:
        step = data.draw(st.integers(1, size - done), label="step")
        if step < size // 8:
            step = size - done
        held |= tiles.grow(done, {place: held[place] for place in tiles.edge(done)}, leaves[done : done + step])
        done += step
    assert merkle.root_at(size, tiles.read_from(held)) == merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1), label="index")
    path = merkle.inclusion_proof(index, size, tiles.read_from(held))
    assert merkle.root_from_path(leaves[index], index, size, path) == merkle.root(leaves)
    assert sum(len(tile) for tile in held.values()) == sum(tiles.levels_of(size)) * merkle.HASH_SIZE


def test_a_proof_of_a_million_leaves_touches_few_tiles() -> None:
    for index in (0, 1, 255, 256, 523_776, 777_777, 999_999):
        ranges = merkle.inclusion_ranges(index, 1_000_000)
        assert len(ranges) <= 20
        assert len(tiles.places(ranges)) <= 6
    assert sum(-(-count // tiles.WIDTH) for count in tiles.levels_of(1_000_000)) < 4_000


@given(st.integers(1, 60), st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_path_leads_elsewhere(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, merkle.reader(leaves))
    root = merkle.root(leaves)
    assert merkle.root_from_path(leaves[index], index, size, [*path, root]) is None
    if path:
        assert merkle.root_from_path(leaves[index], index, size, path[:-1]) is None
        at, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
        bent = bytearray(path[at])
        bent[bit // 8] ^= 1 << bit % 8
        assert merkle.root_from_path(leaves[index], index, size, [*path[:at], bytes(bent), *path[at + 1 :]]) != root
    for other in range(size + 2):
        if other != index:
            assert merkle.root_from_path(leaves[index], other, size, path) != root


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, merkle.reader(LEAVES))
    assert merkle.root_from_path(LEAVES[0], index, size, []) is None


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_sizes_that_cannot_follow_have_no_consistency_proof(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no proof"):
        merkle.consistency_proof(old, new, merkle.reader(LEAVES))
    assert merkle.roots_from_consistency(old, new, LEAVES[0], []) is None
