"""Which office answers for a place: by the division code where a source gives one, else by the town in the address."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shiheng.accounts.models import Office


@dataclass(frozen=True, slots=True)
class Territories:
    """Offices as places. ``codes``: division code → path; ``towns``: district path → (town, path), longest first."""

    codes: dict[str, str] = field(default_factory=dict)
    towns: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

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


def territories() -> Territories:
    """The offices in office today as places, in one query."""
    return from_offices(Office.objects.filter(closed_on=None).values_list("code", "kind", "path", "town"))


def from_offices(offices: Iterable[tuple[str, str, str, str]]) -> Territories:
    """Build from (code, kind, path, town); bureaux carry their division code as their office code."""
    codes: dict[str, str] = {}
    towns: dict[str, list[tuple[str, str]]] = {}
    for code, kind, path, town in offices:
        if kind in {"city", "district"} or (kind == "station" and code.isdigit()):
            codes[code.removesuffix("00") if kind == "city" else code] = path
        if kind == "station" and town:
            district = ".".join(path.split(".")[:2]) + "."
            towns.setdefault(district, []).append((town, path))
    return Territories(codes, {d: tuple(sorted(t, key=lambda pair: (-len(pair[0]), pair))) for d, t in towns.items()})
