"""Which subject does a row speak of? By its codes, in the order the source trusts them. Pure.

A unified code is one business's and nobody else's: it decides whatever else a row says. Any other code leads to whoever
bears it, and where several claim it to one of them by a rule that does not ask what came first: the same rows make the
same subjects in whatever order they come.

A subject's id is worked out from its mint key (the first code that named it), so that a run that is killed and taken up
again, on either database, mints the same ids; the caller stores them and is told of a collision by the unique key.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import polars as pl

# JavaScript, JSON and spreadsheets keep whole numbers exactly up to 53 bits.
ID_BITS = 53
KINDS = {"uscc": "uscc", "regno": "regno", "identifier": "pripid", "orgcode": "orgcode"}
UNIFIED = "uscc"

Code = tuple[str, str]
# A subject made by parting a code keeps clear of whoever the code named first.
_APART = "apart:"


def mint(key: str, *, taken: Mapping[int, str] | None = None) -> int:
    """The id of the subject first named by ``key``; ``taken`` (id → mint key) moves it past a foreign id."""
    salt = 0
    while True:
        digest = blake2b(f"{key}\x00{salt}".encode() if salt else key.encode(), digest_size=8).digest()
        minted = int.from_bytes(digest, "big") >> (64 - ID_BITS)
        if minted and (taken is None or taken.get(minted, key) == key):
            return minted
        salt += 1


def code_of(mint_key: str) -> Code:
    """The code a subject was first named by."""
    kind, _colon, value = mint_key.removeprefix(_APART).partition(":")
    return kind, value


@dataclass(frozen=True, slots=True)
class Rulings:
    """What persons have said of codes, and not undone.

    ``one``: codes of one business, each with the least of them. ``apart``: codes that stand for a business of their
    own, whoever else is told with them; a row with a unified code is that code's all the same.
    """

    one: Mapping[Code, Code] = field(default_factory=dict)
    apart: Collection[Code] = frozenset()

    def key(self, code: Code) -> Code:
        """The code that stands for this one."""
        return self.one.get(code, code)

    def own(self, codes: Sequence[Code]) -> Code | None:
        """The code of a row that decides whatever else it says, if it has one."""
        for code in codes:
            if code[0] == UNIFIED:
                return code
        return next((code for code in codes if code in self.apart or code in self.one), None)

    def mint_key(self, code: Code) -> str:
        """What a subject first named by a code is minted from."""
        return f"{_APART if code in self.apart else ''}{code[0]}:{code[1]}"

    def mint_keys(self, code: Code) -> set[str]:
        """What subjects named by a code may be minted from: itself, and of one that stands apart whom it has left."""
        return {self.mint_key(code), f"{code[0]}:{code[1]}"}

    def alike(self, codes: Iterable[Code]) -> set[Code]:
        """These codes, and all that are one business's with one of them."""
        found = set(codes)
        asked = {self.one[code] for code in found & self.one.keys()}
        return found | {code for code, least in self.one.items() if least in asked}


UNSAID = Rulings()


@dataclass(slots=True)
class Resolved:
    """What a chunk decided: a subject for every row, the codes newly learnt, and the subjects newly minted."""

    links: list[tuple[int, int, str]] = field(default_factory=list)  # row, subject, by which kind of code
    learnt: dict[Code, int] = field(default_factory=dict)
    minted: dict[int, str] = field(default_factory=dict)  # subject -> mint key
    contests: list[tuple[int, int, int, str, str]] = field(
        default_factory=list
    )  # row, its subject, holder, kind, value


def codes_of(accepted: pl.DataFrame, identify: Sequence[Code]) -> list[tuple[int, list[Code]]]:
    """Each row's codes as (kind, value), in the source's order of trust. ``identify`` is (kind of code, column)."""
    present = [(kind, column) for kind, column in identify if column in accepted.columns]
    rows = accepted.select("row", *(column for _, column in present)).iter_rows()
    return [
        (row, [(kind, value) for (kind, _), value in zip(present, values, strict=True) if value])
        for row, *values in rows
    ]


def resolve(
    rows: Iterable[tuple[int, list[Code]]],
    known: Mapping[Code, int],
    *,
    taken: Mapping[int, str],
    sure: Collection[int] = frozenset(),
    rulings: Rulings = UNSAID,
) -> Resolved:
    """Give every row its subject. ``known`` holds the codes already stored for any code in ``rows``; ``sure`` are the
    subjects among them that have a code of their own (``Rulings.own``).

    A row's own code decides; a new one goes to whoever bears another code of the row and has none of its own yet. Else
    the first known code decides. Where a row's codes point to two subjects, the other code stays with its owner:
    whether the two are one business is a judgement, not a side effect. It is noted as a contest, and all who take part
    in one are to be resolved together (``regroup``), for whoever came first would own the code.
    """
    out = Resolved()
    at = {rulings.key(code): subject for code, subject in known.items()}
    owned = set(sure)
    for row, codes in rows:
        own = rulings.own(codes)
        decided = _decided(codes, own, at, owned, rulings)
        if decided is None:
            first = codes[0] if own is None or (own not in rulings.apart and _free(codes[0], at, rulings)) else own
            key = rulings.mint_key(first)
            subject, by = mint(key, taken={**taken, **out.minted} if taken else out.minted), first[0]
            out.minted[subject] = key
        else:
            subject, by = at[rulings.key(decided)], decided[0]
        if own is not None:
            owned.add(subject)
        for code in codes:
            stands = rulings.key(code)
            # A code that stands apart is nobody's whose row only tells it beside a unified one.
            holder = at.get(stands) if code in rulings.apart and code != own else at.setdefault(stands, subject)
            if holder is not None and holder != subject:
                out.contests.append((row, subject, holder, *code))
            elif holder is not None and code not in known:
                out.learnt[code] = subject
        out.links.append((row, subject, by))
    return out


def _free(code: Code, at: Mapping[Code, int], rulings: Rulings) -> bool:
    return rulings.key(code) not in at and code not in rulings.apart


def _decided(
    codes: Sequence[Code], own: Code | None, at: Mapping[Code, int], owned: Collection[int], rulings: Rulings
) -> Code | None:
    """The known code that decides."""
    if own is None:
        return next((code for code in codes if code in at), None)
    if rulings.key(own) in at:
        return own
    if own in rulings.apart:
        return None
    others = (code for code in codes if code not in rulings.apart and rulings.key(code) in at)
    return next((code for code in others if at[rulings.key(code)] not in owned), None)


def regroup(rows: Sequence[tuple[int, list[Code]]], *, taken: Mapping[int, str], rulings: Rulings = UNSAID) -> Resolved:
    """Resolve rows that share codes, all of them together; their order decides ids alone.

    Each code of its own (``Rulings.own``) is a subject. Another code is whose rows tell it most often, of several the
    one with the least code; it leads the rows that have none of their own there, and their other codes after them.
    What nothing leads to anybody is one subject for all that hang together.
    """
    told = [codes for _row, codes in rows]
    nodes, owner = _grouped(told, rulings)
    keys = _keys(told, rulings)
    out = Resolved()
    ids: dict[Code, int] = {}
    for node in dict.fromkeys(nodes):
        key = keys.get(node) or rulings.mint_key(node)
        ids[node] = mint(key, taken={**taken, **out.minted})
        out.minted[ids[node]] = key
    for (row, codes), node in zip(rows, nodes, strict=True):
        leading = rulings.own(codes) or next(code for code in codes if owner.get(code) == node)
        out.links.append((row, ids[node], leading[0]))
        for code in codes:
            holder = owner.get(rulings.key(code))
            if holder == node:
                out.learnt[code] = ids[node]
            elif holder is not None:
                out.contests.append((row, ids[node], ids[holder], *code))
    return out


def _keys(told: Sequence[Sequence[Code]], rulings: Rulings) -> dict[Code, str]:
    """The mint key of each subject: the first code of its first row. Who leaves a subject leaves it its key."""
    together = Rulings(rulings.one)
    nodes, owner = _grouped(told, together)
    found: dict[Code, str] = {}
    for codes, node in zip(told, nodes, strict=True):
        if node not in found and node not in rulings.apart:
            own = together.own(codes)
            first = codes[0] if own is None or owner.get(together.key(codes[0])) == node else own
            found[node] = together.mint_key(first)
    return found


def _grouped(told: Sequence[Sequence[Code]], rulings: Rulings) -> tuple[list[Code], dict[Code, Code]]:
    """The subject of each row, and the owner of each code, each named by a code of it."""
    own = [rulings.own(codes) for codes in told]
    found: dict[int, Code] = {place: rulings.key(code) for place, code in enumerate(own) if code is not None}
    owner = {node: node for node in found.values()}
    fresh = list(found)
    while fresh:
        votes: dict[Code, Counter[Code]] = defaultdict(Counter)
        for place, node in found.items():
            for code in told[place]:
                if rulings.key(code) not in owner and code not in rulings.apart:
                    votes[rulings.key(code)][node] += 1
        owner |= {code: min(held, key=_most(held)) for code, held in votes.items()}
        fresh = []
        for place, codes in enumerate(told):
            if place not in found and (led := next((owner[code] for code in codes if code in owner), None)):
                found[place] = led
                fresh.append(place)
    for place, node in _together({p: codes for p, codes in enumerate(told) if p not in found}).items():
        found[place] = node
        owner |= dict.fromkeys(told[place], node)
    return [found[place] for place in range(len(told))], owner


def _most(held: Counter[Code]) -> Callable[[Code], tuple[int, Code]]:
    return lambda node: (-held[node], node)


def _together(told: Mapping[int, Sequence[Code]]) -> dict[int, Code]:
    """Rows by the least code of all that hang together with them."""
    least: dict[Code, Code] = {}

    def root(code: Code) -> Code:
        while least[code] != code:
            least[code] = code = least[least[code]]
        return code

    for codes in told.values():
        for code in codes:
            least.setdefault(code, code)
        roots = sorted({root(code) for code in codes})
        least |= dict.fromkeys(roots, roots[0])
    return {place: root(codes[0]) for place, codes in told.items()}
