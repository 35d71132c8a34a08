"""Addresses of invented subjects: a place key that is the truth, and a text that is how the register wrote it."""

from random import Random

from shiheng.city.draw import between, pick
from shiheng.city.places import CITY, Building, Town


def of_shop(rng: Random, town: Town) -> tuple[str, str]:
    """A shop front, a market stall or a village house: (place key, text)."""
    draw = rng.random()
    front = CITY + town.district.name + town.name
    if draw < 0.14:
        hall = pick(rng, [b for b in town.buildings if b.kind in ("market", "mall")])
        stall = f"{pick(rng, 'ABCDE')}{between(rng, 1, 260)}"
        unit = f"{stall}{'档' if hall.kind == 'market' else '铺'}"
        return _key(
            town, hall.road, hall.number, unit
        ), f"{front}{town.roads[hall.road]}{hall.number}号{hall.name}{unit}"
    if draw < (0.18 if town.urban else 0.40):
        village = pick(rng, town.villages)
        team, house = between(rng, 1, 12), between(rng, 1, 120)
        return (
            f"{town.code}/{village}/{team}/{house}",
            f"{front}{village}{'一二三四五六七八九十'[team % 10]}组{house}号",
        )
    road, number = between(rng, 0, len(town.roads) - 1), between(rng, 1, 640)
    unit = pick(rng, ("", "", "首层", f"之{between(rng, 1, 9)}", f"{between(rng, 101, 118)}铺", "一楼", "1层商铺"))
    return _key(town, road, number, unit), f"{front}{town.roads[road]}{number}号{unit}"


def of_office(rng: Random, town: Town) -> tuple[str, str]:
    """A room in an office building, or a plain number in a road."""
    if rng.random() < 0.72:
        building = pick(rng, [b for b in town.buildings if b.kind in ("office", "park", "mall")])
        return in_building(rng, town, building)
    road, number = between(rng, 0, len(town.roads) - 1), between(rng, 1, 640)
    unit = pick(
        rng,
        ("", f"{between(rng, 2, 9)}楼", f"{between(rng, 201, 909)}室", f"{between(rng, 2, 6)}楼之{between(rng, 1, 8)}"),
    )
    return _key(town, road, number, unit), f"{CITY}{town.district.name}{town.name}{town.roads[road]}{number}号{unit}"


def in_building(rng: Random, town: Town, building: Building) -> tuple[str, str]:
    if building.kind == "park":
        unit = f"{pick(rng, 'ABCDEFG')}栋{between(rng, 1, 6)}层"
        if rng.random() < 0.5:
            unit += f"{between(rng, 1, 12)}号厂房"
    else:
        storey = between(rng, 2, 28)
        unit = f"{storey}层{storey}{between(rng, 1, 24):02d}室"
    return in_unit(town, building, unit)


def in_unit(town: Town, building: Building, unit: str) -> tuple[str, str]:
    road = town.roads[building.road]
    text = f"{CITY}{town.district.name}{town.name}{road}{building.number}号{building.name}{unit}"
    return _key(town, building.road, building.number, unit), text


def hosted(rng: Random, town: Town, building: Building) -> tuple[str, str]:
    """An address where a hosting firm registers dozens (集群注册): all at one room, most with the very same text."""
    key, text = in_unit(town, building, "2层201室")
    if rng.random() < 0.4:
        text += f"-{pick(rng, 'ABCDEFH')}{between(rng, 1, 480):03d}"
    return key, text + "（集群注册）"


def next_door(rng: Random, place: str, text: str) -> tuple[str, str]:
    """Another room beside one: how firms of one owner who does not show often lie."""
    return f"{place}-{between(rng, 2, 9)}", f"{text}之{'一二三四五六七八九'[between(rng, 0, 8)]}"


def spelt(rng: Random, text: str) -> str:
    """The same address as another clerk writes it: province added, city or town left out, other digits."""
    draw = rng.random()
    if draw < 0.10:
        return text.removeprefix(CITY)
    if draw < 0.16:
        return "广东省" + text
    if draw < 0.20:
        return text.translate(_WIDE)
    if draw < 0.24:
        return text.replace("号", "#", 1)
    if draw < 0.27:
        cut = max(text.find("街道"), -1)
        return text[:6] + text[cut + 2 :] if 6 < cut < 14 else text
    if draw < 0.29:
        return text.replace("层", "楼")
    return text


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _key(town: Town, road: int, number: int, unit: str) -> str:
    return f"{town.code}/{road}/{number}/{unit}"
