"""What a bureau's own form is held against: the names a form may use, and those the law demands. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STATES = {"draft": "待决定", "published": "已公布", "returned": "已退回", "undone": "已撤销"}


@dataclass(frozen=True, slots=True)
class Name:
    """One placeholder a form may hold: what it is called, which fact it is, whether the law demands it."""

    title: str
    fact: str
    demanded: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What an own form was found to hold and to lack."""

    names: tuple[str, ...]
    lacking: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]


def held_against(names: Iterable[str], known: Mapping[str, Name], unknown: Iterable[tuple[str, str]]) -> Found:
    """The names of a form against those known to it."""
    used = tuple(names)
    facts = {known[name].fact for name in used if name in known}
    lacking = tuple(name.title for name in known.values() if name.demanded and name.fact not in facts)
    return Found(used, lacking, tuple(unknown))
