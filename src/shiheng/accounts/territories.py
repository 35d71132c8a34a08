"""Which office answers for a place: by the division code where a source gives one, else by the town in the address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shiheng.accounts.models import Office


@dataclass(frozen=True, slots=True)
class Territories:
    """Offices as places. ``codes``: division code → path; ``towns``: district path → (town, path), longest first.

    ``names``: (district as addresses write it, path), longest first.
    """

    codes: dict[str, str] = field(default_factory=dict)
    towns: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    names: tuple[tuple[str, str], ...] = ()

    def place(self, *, region: str, address: str, fallback: str) -> str:
        """The path of the office in charge. ``region`` is a division code of 6 to 12 digits, or empty."""
        district = ""
        for length in (12, 9, 6, 4):
            path = self.codes.get(region[:length]) if len(region) >= length else None
            if path:
                if length > 6:
                    return path
                district = path
                break
        if not district:
            return fallback
        return next((path for town, path in self.towns.get(district, ()) if town in address), district)

    def read(self, address: str) -> str:
        """The path of the office in charge as the address alone tells it: of the station, else of the district.

        Empty where it names neither a district of ours nor a town that only one of our stations has.
        """
        front = address[:_FRONT]
        district = next((path for name, path in self.names if name in front), "")
        if district:
            return next((path for town, path in self.towns.get(district, ()) if town in address), district)
        if _ELSEWHERE.match(front):  # a district, and not one of ours
            return ""
        found = {path for held in self.towns.values() for town, path in held if town in front}
        return found.pop() if len(found) == 1 else ""


# How far into an address its province, city, district and town stand, in characters.
_FRONT = 30
_ELSEWHERE = re.compile(
    r"(?:[^省市区县镇乡街道路号0-9]{2,8}(?:省|自治区))?(?:[^市区县镇乡街道路号0-9]{2,6}市)?"  # not shown: read
    r"[^区县镇乡街道路号0-9]{1,6}(?:区|县)"
)
_BUREAU = re.compile(r"([^省市]{1,12}[区县旗]|[^省市]{1,12}市)市场监督管理局$")  # not shown: read


def territories() -> Territories:
    """The offices in office today as places, in one query."""
    return from_offices(Office.objects.filter(closed_on=None).values_list("code", "kind", "path", "town", "title"))


def from_offices(offices: Iterable[tuple[str, str, str, str, str]]) -> Territories:
    """Build from (code, kind, path, town, title); bureaux carry their division code as their office code."""
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    towns: dict[str, list[tuple[str, str]]] = {}
    for code, kind, path, town, title in offices:
        if kind == "district" and (named := _BUREAU.search(title)):
            names[named[1]] = path
        if kind in {"city", "district"} or (kind == "station" and code.isdigit()):
            codes[code.removesuffix("00") if kind == "city" else code] = path
        if kind == "station" and town:
            district = ".".join(path.split(".")[:2]) + "."
            towns.setdefault(district, []).append((town, path))
    return Territories(codes, {d: _longest_first(t) for d, t in towns.items()}, _longest_first(names.items()))


def _longest_first(named: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(named, key=lambda pair: (-len(pair[0]), pair)))
