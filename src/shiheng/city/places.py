"""The invented city 云泽市: districts, towns, roads, buildings and a plane of coordinates for its cartogram.

The place is the same whatever the seed: its people and businesses change, its streets do not. Division codes 4499xx
do not exist; no street or town bears the name of a real one of its level (a test holds the list against the standard).
"""

import zlib
from dataclasses import dataclass
from functools import cache
from random import Random

from shiheng.city.words import words

PROVINCE = "广东"
CITY = "云泽市"
CITY_CODE = "449900"
CELL_KM = 6.0  # one town is about one cell of the grid below

# District A holds half of all subjects, B a third; C and D make the city more than two districts.
_DISTRICTS = (
    (
        "449901",
        "临江区",
        50,
        "听澜街道 鹭洲街道 枕江街道 潮音街道 望帆街道 归帆街道 沉香渡街道 观澜渡街道 芦汀镇 渔歌浦镇",
    ),
    ("449902", "望湖区", 32, "揽月街道 映湖街道 漾波街道 荷风街道 采菱街道 藕香镇 菱塘镇 苇岸镇"),
    ("449903", "青屏区", 11, "栖云街道 松岚街道 竹影镇 云岫镇 鹿鸣坳镇"),
    ("449921", "石岚县", 7, "石鼓坪镇 稻香坪镇 雾凇坪镇 杏林坳镇"),
)
# One letter a cell, from the north-west: whose town lies there; L is the lake 云泽湖.
_GRID = ("DDCCCBB", "DDCCBLB", "AAAABBB", "AAAAAAB")

_SUFFIX = ("路", "路", "路", "街", "街", "巷", "大道", "一路", "二路", "横街")


@dataclass(frozen=True, slots=True)
class Building:
    """A named place at a road and number. Kinds: office, mall, market, park, host (a hosting address)."""

    name: str
    kind: str
    road: int
    number: int


@dataclass(frozen=True, slots=True)
class Town:
    """A town or street (镇街), with its roads, villages and buildings, and its cell of the cartogram."""

    index: int
    code: str
    name: str
    district: "District"
    polygon: tuple[tuple[float, float], ...]
    roads: tuple[str, ...]
    villages: tuple[str, ...]
    buildings: tuple[Building, ...]
    postal_code: str

    @property
    def urban(self) -> bool:
        return self.name.endswith("街道")

    @property
    def centre(self) -> tuple[float, float]:
        return at(self.polygon, 0.5, 0.5)


@dataclass(frozen=True, slots=True)
class District:
    """A district or county: its code, its share of all subjects in percent, its number in the city."""

    index: int
    code: str
    name: str
    share: int

    @property
    def bureau(self) -> str:
        return f"{CITY}{self.name}市场监督管理局"


def at(polygon: tuple[tuple[float, float], ...], u: float, v: float) -> tuple[float, float]:
    """The point of a four-cornered polygon at ``u`` from west to east and ``v`` from north to south."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = polygon
    x = (ax * (1 - u) + bx * u) * (1 - v) + (dx * (1 - u) + cx * u) * v
    y = (ay * (1 - u) + by * u) * (1 - v) + (dy * (1 - u) + cy * u) * v
    return round(x, 3), round(y, 3)


def _corner(column: int, row: int) -> tuple[float, float]:
    """A corner of the grid in kilometres, pushed off its place a little so that the map does not look ruled."""
    noise = zlib.crc32(f"corner {column} {row}".encode())
    dx, dy = (noise & 0xFF) / 255 - 0.5, (noise >> 8 & 0xFF) / 255 - 0.5
    edge_x, edge_y = column in (0, len(_GRID[0])), row in (0, len(_GRID))
    return (
        round((column + (0 if edge_x else 0.36 * dx)) * CELL_KM, 3),
        round((row + (0 if edge_y else 0.36 * dy)) * CELL_KM, 3),
    )


def _cell(column: int, row: int) -> tuple[tuple[float, float], ...]:
    return _corner(column, row), _corner(column + 1, row), _corner(column + 1, row + 1), _corner(column, row + 1)


LAKE = next(_cell(x, y) for y, line in enumerate(_GRID) for x, letter in enumerate(line) if letter == "L")


def _buildings(rng: Random, town: str, urban: bool) -> tuple[Building, ...]:
    stem = town.removesuffix("街道").removesuffix("镇")
    kinds = {"office": 7 if urban else 3, "mall": 3 if urban else 1, "market": 2, "park": 2 if urban else 4, "host": 2}
    titles = {
        "office": ("大厦", "商务中心", "国际中心", "写字楼"),
        "mall": ("购物广场", "商业广场", "生活城"),
        "market": ("综合市场", "农贸市场", "商品城"),
        "park": ("工业园", "产业园", "科技园"),
        "host": ("众创空间", "企业服务中心"),
    }
    made: list[Building] = []
    stems = rng.sample(words("building"), 16)
    for kind, count in kinds.items():
        for i in range(count):
            own = stem if i == 0 else stem + stems.pop()
            title = titles[kind][i % len(titles[kind])]
            made.append(Building(own + title, kind, rng.randrange(14), rng.randrange(1, 320)))
    return tuple(made)


@cache
def towns() -> tuple[Town, ...]:
    """Every town of the city in code order."""
    rng = Random("云泽市的街道")  # noqa: S311 - a place, not a secret
    cells: dict[str, list[tuple[int, int]]] = {}
    for y, line in enumerate(_GRID):
        for x, letter in enumerate(line):
            cells.setdefault(letter, []).append((x, y))
    made: list[Town] = []
    for district, (_, _, _, names) in zip(districts(), _DISTRICTS, strict=True):
        serial = {"街道": 0, "镇": 100}
        for name, cell in zip(names.split(), cells["ABCD"[district.index]], strict=True):
            urban = name.endswith("街道")
            serial["街道" if urban else "镇"] += 1
            stem = name.removesuffix("街道").removesuffix("镇")
            own_roads = [f"{stem}大道", f"{stem}中路"]
            own_roads += [s + rng.choice(_SUFFIX) for s in rng.sample(words("road"), 12)]
            ending = "社区" if urban else "村"
            made.append(
                Town(
                    index=len(made),
                    code=f"{district.code}{serial['街道' if urban else '镇']:03d}",
                    name=name,
                    district=district,
                    polygon=_cell(*cell),
                    roads=tuple(own_roads),
                    villages=tuple(s + ending for s in rng.sample(words("road"), 5)),
                    buildings=_buildings(rng, name, urban),
                    postal_code=f"5499{len(made):02d}",
                )
            )
    return tuple(made)


@cache
def districts() -> tuple[District, ...]:
    """The districts in order: A 临江区, B 望湖区, then two more."""
    return tuple(District(i, code, name, share) for i, (code, name, share, _) in enumerate(_DISTRICTS))


@cache
def towns_of(district: int) -> tuple[Town, ...]:
    return tuple(t for t in towns() if t.district.index == district)


@cache
def _by_code() -> dict[str, Town]:
    return {t.code: t for t in towns()}


def town_of(code: str) -> Town:
    """The town with a nine-digit division code."""
    return _by_code()[code]


def authority(code: str) -> str:
    """The registration authority (登记机关) of a six-digit division code of the city."""
    return next((d.bureau for d in districts() if d.code == code), f"{CITY}市场监督管理局")


def point_of(place: str) -> tuple[float, float]:
    """Where a place key lies on the plane: the same key gives the same point, inside its town."""
    town = town_of(place.split("/", 1)[0])
    noise = zlib.crc32(place.rsplit("/", 1)[0].encode())
    return at(town.polygon, 0.06 + 0.88 * (noise & 0xFFFF) / 65535, 0.06 + 0.88 * (noise >> 16) / 65535)
