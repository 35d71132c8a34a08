"""A value that changes on known days: law, fees, code tables, shares. Which one holds is asked with a day."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from shiheng.kernel.errors import Missing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InForce(Generic[T]):
    """One version: in force from ``since`` to ``until`` inclusive, or until the next version starts."""

    since: date
    value: T
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """The versions of one value, oldest first. Two versions never start on the same day."""

    versions: tuple[InForce[T], ...]

    def __init__(self, versions: Iterable[InForce[T]]) -> None:
        ordered = tuple(sorted(versions, key=lambda v: v.since))
        for older, newer in pairwise(ordered):
            if older.since == newer.since:
                raise ValueError(f"two versions start on {older.since}")
            if older.until is not None and older.until >= newer.since:
                raise ValueError(f"the version of {older.since} runs into that of {newer.since}")
        for version in ordered:
            if version.until is not None and version.until < version.since:
                raise ValueError(f"the version of {version.since} ends before it starts")
        object.__setattr__(self, "versions", ordered)

    @classmethod
    def always(cls, value: T) -> "Dated[T]":
        """A value that has never changed."""
        return cls((InForce(date.min, value),))

    def version_on(self, day: date) -> InForce[T] | None:
        """The version in force on ``day``, or nothing before the first one and after the last one's end."""
        place = bisect_right(self.versions, day, key=lambda v: v.since)
        if place == 0:
            return None
        version = self.versions[place - 1]
        return None if version.until is not None and day > version.until else version

    def on(self, day: date) -> T:
        """The value on ``day``; refuses a day on which there was none."""
        version = self.version_on(day)
        if version is None:
            raise Missing("effective.none", f"{day.isoformat()} 没有生效的版本。", day=day.isoformat())
        return version.value

    def between(self, first: date, last: date) -> Iterator[InForce[T]]:
        """The versions in force on any day from ``first`` to ``last``, oldest first."""
        for place, version in enumerate(self.versions):
            following = self.versions[place + 1].since if place + 1 < len(self.versions) else None
            begins_late = version.since > last
            ended = (following is not None and following <= first) or (
                version.until is not None and version.until < first
            )
            if not begins_late and not ended:
                yield version
