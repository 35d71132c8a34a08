"""Which subject does a row speak of? By its codes, in the order the source trusts them. Pure.

A subject's id is worked out from its mint key (the first code that named it), so that a run that is killed and taken up
again, on either database, mints the same ids; the caller stores them and is told of a collision by the unique key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import polars as pl

# JavaScript, JSON and spreadsheets keep whole numbers exactly up to 53 bits.
ID_BITS = 53
KINDS = {"uscc": "uscc", "regno": "regno", "identifier": "pripid", "orgcode": "orgcode"}

Code = tuple[str, str]


def mint(key: str, *, taken: Mapping[int, str] | None = None) -> int:
    """The id of the subject first named by ``key``; ``taken`` (id → mint key) moves it past a foreign id."""
    salt = 0
    while True:
        digest = blake2b(f"{key}\x00{salt}".encode() if salt else key.encode(), digest_size=8).digest()
        minted = int.from_bytes(digest, "big") >> (64 - ID_BITS)
        if minted and (taken is None or taken.get(minted, key) == key):
            return minted
        salt += 1


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


def resolve(rows: Iterable[tuple[int, list[Code]]], known: Mapping[Code, int], *, taken: Mapping[int, str]) -> Resolved:
    """Give every row its subject. ``known`` holds the codes already stored for any code in ``rows``.

    The first known code decides; where a row's codes point to two subjects, the more trusted code wins and the other
    code stays with its owner: whether the two are one business is a judgement, not a side effect. It is noted as a
    contest, for whoever judges and for withdrawing.
    """
    out = Resolved()
    for row, codes in rows:
        subject, by = None, ""
        for code in codes:
            subject = known.get(code) or out.learnt.get(code)
            if subject:
                by = code[0]
                break
        if subject is None:
            by = codes[0][0]
            key = f"{by}:{codes[0][1]}"
            subject = mint(key, taken={**taken, **out.minted} if taken else out.minted)
            out.minted[subject] = key
        for code in codes:
            holder = known.get(code) or out.learnt.setdefault(code, subject)
            if holder != subject:
                out.contests.append((row, subject, holder, *code))
        out.links.append((row, subject, by))
    return out
