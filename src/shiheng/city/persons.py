"""Invented people behind invented businesses, and the ways one person's name is written."""

from dataclasses import dataclass
from random import Random

from shiheng.city.draw import Weighted, pick

_SURNAMES = Weighted(
    [
        (s, float(w))
        for w, group in (
            (7, "李王张刘陈"),
            (4, "杨黄赵吴周"),
            (2, "徐孙马朱胡郭何高林罗梁郑谢"),
            (1, "宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔"),
            (1, "谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎"),
        )
        for s in group
    ]
    + [("欧阳", 0.3), ("司徒", 0.2), ("上官", 0.1)]
)
_GIVEN = (
    "伟强军磊洋勇艳杰涛明超秀霞平刚桂英华玉兰萍红玲芳燕丽娟敏静慧婷雪琳浩宇轩博文俊豪志鹏飞龙凤佳怡欣悦思远海波建国庆春生"
    "荣贵发财旺福德义仁礼信忠孝廉勤俭朴实诚友善美好安宁康泰瑞祥云天山川江河湖林森松柏梅竹菊莲荷香"
)
# One sound, another character: how a clerk writes a name heard, or how one person appears twice.
_ALIKE = {
    "伟": "玮",
    "强": "墙",
    "艳": "燕",
    "杰": "洁",
    "明": "铭",
    "华": "骅",
    "玲": "铃",
    "丽": "莉",
    "娟": "鹃",
    "静": "靖",
    "慧": "惠",
    "婷": "亭",
    "浩": "皓",
    "文": "雯",
    "俊": "骏",
    "志": "智",
    "飞": "菲",
    "佳": "嘉",
    "欣": "新",
    "建": "健",
    "国": "囯",
    "荣": "蓉",
    "林": "琳",
    "祥": "详",
    "萍": "苹",
    "海": "晦",
    "燕": "艳",
    "秀": "绣",
    "霞": "遐",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the truth knows them; a register shows a name only."""

    key: str
    name: str


def person(rng: Random, key: str) -> Person:
    given = pick(rng, _GIVEN)
    if rng.random() < 0.82:
        given += pick(rng, _GIVEN)
    return Person(key, _SURNAMES.draw(rng) + given)


def relative(rng: Random, of: Person, key: str) -> Person:
    """Somebody with the same surname: a nominee in the family."""
    surname = of.name[:2] if of.name[:2] in ("欧阳", "司徒", "上官") else of.name[:1]
    return Person(key, surname + pick(rng, _GIVEN) + pick(rng, _GIVEN))


def variant(rng: Random, name: str) -> str:
    """Another spelling of the same person's name; always differs from ``name``."""
    changed = [i for i, c in enumerate(name) if i and c in _ALIKE]
    if changed:
        i = pick(rng, changed)
        return name[:i] + _ALIKE[name[i]] + name[i + 1 :]
    return name[0] + " " + name[1:] if len(name) == 2 else f"{name}（{name[-1]}仔）"
