"""What the register tells others of itself: changes item by item, and those that left it."""

from random import Random

from shiheng.city.capital import WAN
from shiheng.city.draw import pick
from shiheng.city.lives.model import Life
from shiheng.city.places import authority

CHANGE, CANCELLATION = "change", "cancellation"
_ITEMS = {
    "rename": ("名称变更", "name"),
    "move": ("住所（经营场所）变更", "address"),
    "represent": ("法定代表人（负责人、经营者）变更", "rep"),
    "capital": ("注册资本变更", "capital"),
    "scope": ("经营范围变更", "scope"),
}
_LEFT = {"deregister": "注销", "cancel": "撤销", "revoke": "吊销", "move_out": "迁出"}


def live(rng: Random, life: Life) -> None:
    office = authority(life.subject.region)
    before = dict(life.subject.history[0].values)
    for entry in life.subject.history[1:]:
        told = life.first <= entry.day <= life.until
        if told and entry.kind in _ITEMS:
            title, item = _ITEMS[entry.kind]
            life.add(
                CHANGE,
                f"BG{life.number(CHANGE)}",
                entry.day,
                item=title,
                office=office,
                before=_text(item, before[item]),
                after=_text(item, entry.values[item]),
            )
        if told and entry.kind in _LEFT:
            why = {
                "deregister": pick(rng, ("决议解散", "决议解散", "不再从事经营活动", "因合并或者分立解散")),
                "cancel": "提交虚假材料取得登记",
                "revoke": "成立后无正当理由超过六个月未开业，或者开业后自行停业连续六个月以上",
                "move_out": "迁往其他登记机关",
            }[entry.kind]
            simple = entry.kind == "deregister" and rng.random() < 0.6
            life.add(
                CANCELLATION,
                f"ZX{life.number(CANCELLATION)}",
                entry.day,
                sort=_LEFT[entry.kind],
                why=why,
                way="简易注销" if simple else "普通注销" if entry.kind == "deregister" else "",
                office=office,
            )
        before.update(entry.values)


def _text(item: str, value: object) -> str:
    if item == "capital" and isinstance(value, int):
        return f"{value / WAN:.4f}万"
    return "" if value is None else str(value)
