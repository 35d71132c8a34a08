"""Why a row is thought to mean a subject, in sentences an officer can check. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shiheng.fusion.match.weigh import SIGNS


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign: what it says in words, how many subjects share it (0: not counted), and its weight in bits."""

    sign: str
    level: str
    text: str
    shared: int
    bits: float


TITLES = {"code": "代码", "name": "名称", "door": "地址", "person": "负责人", "phone": "电话", "region": "辖区"}
TEXTS = {
    "code.same": "代码相同",
    "code.slip": "代码有一处笔误，改正后相同",
    "code.differs": "代码不同",
    "name.firm": "企业名称相同",
    "name.full": "名称相同",
    "name.base": "除地名和括注外名称相同",
    "name.trade_line": "字号和行业相同，其余写法不同",
    "name.heard": "名称读音相同、用字不同",
    "name.trade": "字号相同，行业不同或一方没有写",
    "name.trade_heard": "字号读音相同、用字不同",
    "name.holds": "来文名称以该主体的字号开头",
    "name.held": "该主体的名称以来文的字号开头",
    "name.near": "名称相近",
    "name.differs": "名称不同",
    "door.unit": "道路、门牌和房号相同",
    "door.whole": "地址相同",
    "door.number": "道路和门牌相同，一方没有写房号",
    "door.other_unit": "道路和门牌相同，房号不同",
    "door.road": "同一条道路，一方没有写门牌",
    "door.other_number": "同一条道路，门牌不同",
    "door.differs": "地址不同",
    "person.same": "负责人姓名相同",
    "person.heard": "负责人姓名读音相同、用字不同",
    "person.differs": "负责人姓名不同",
    "phone.same": "电话相同",
    "phone.differs": "电话不同",
    "region.same": "同一辖区",
    "region.differs": "辖区不同",
}
SHARED = "有此特征的共 %(count)s 户"


def reasons(judged: Mapping[str, Any], _: Callable[[str], str] = str) -> list[Reason]:
    """The signs of one judged pair, the weightiest first; a sign nothing is said of is left out."""
    found = []
    for sign in SIGNS:
        if level := judged[sign]:
            text = _(TEXTS[f"{sign}.{level}"])
            shared = int(judged[f"{sign}_shared"])
            if shared and sign != "code":
                text += "（" + _(SHARED) % {"count": shared} + "）"
            found.append(Reason(sign, level, text, shared, float(judged[f"{sign}_bits"])))
    return sorted(found, key=lambda reason: -abs(reason.bits))
