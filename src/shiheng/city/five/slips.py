"""How a name, a door or a person is written down wrongly by somebody who knows the business otherwise.

Each slip is one that departments' files show: the name a firm bore before, a name heard and not read, a form that
looks alike, bytes read in the wrong charset, a shop's sign instead of its name, the trade name alone.
"""

from functools import cache
from random import Random

from shiheng.city.draw import between, pick

# One shape, another character: read off a stamp or a bad print.
_SHAPES = (
    "未末 己已 土士 日曰 人入 天夭 千干 大太 王玉 木本 市巾 历厉 陈阵 孙逊 鸣呜 戍戌 晴睛 清请 情倩 侯候 "
    "崇祟 洒酒 茶荼 拔拨 辨辩 杨扬 汤烫 泰秦 宏宠 恒桓 裕格 瑞端 润涧 鑫鉴 隆降 锐悦 博搏 卓草 诚试 信倍 "
    "航杭 荣菜 辉挥 旭旮 贤贡 英莫 豪毫 展屐 迅讯 云去 谷各 农衣 川州 岭玲 岩岸 林材 森淼 梅海 兰三 竹行 "
    "松柏 桂挂 珠株 珍诊 琳淋 玲铃 伟纬 强张 勇男 军车 洋样 杰杰 明朋 超起 涛铸 刚纲 秀季 丽两 静净 敏繁 "
    "雪雷 浩洁 宇宁 轩杆 文支 俊梭 志忘 鹏朋 飞气 龙尤 凤风 "
)


def _others(groups: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in groups.split():
        for character in group:
            rest = "".join(c for c in group if c != character)
            if rest:
                found[character] = found.get(character, "") + rest
    return found


ALIKE_IN_SHAPE = _others(_SHAPES)
# How the south hears Mandarin: z for zh, l for n, an for ang.
_HEARD = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("ng", "n"))


@cache
def alike_in_sound() -> dict[str, str]:
    """Character → the common characters (GB 2312, first level) of the same sound; a third of the syllables blur."""
    from pypinyin import lazy_pinyin  # its dictionaries take a second to load: only who makes this set pays for them

    common = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)
              if (high, low) < (0xD7, 0xFA)]  # fmt: skip
    sounds: dict[str, list[str]] = {}
    for character in common:
        sounds.setdefault(_blurred(lazy_pinyin(character)[0]), []).append(character)
    return {c: "".join(o for o in group if o != c) for group in sounds.values() for c in group if len(group) > 1}


def _blurred(sound: str) -> str:
    """The syllable, blurred for those that begin with a flat or curled tongue."""
    if len(sound) % 3 == 0:
        for one, other in _HEARD:
            if sound.startswith(one) or (one == "ng" and sound.endswith(one)):
                return other + sound[len(one) :] if one != "ng" else sound[:-2] + other
    return sound


def swapped(rng: Random, text: str, wanted: str, alike: dict[str, str], *, at_most: int = 1) -> str:
    """``text`` with up to ``at_most`` characters of its part ``wanted`` replaced by ones alike, where any is."""
    start = text.find(wanted) if wanted else 0
    places = [i for i in range(max(start, 0), max(start, 0) + len(wanted or text)) if text[i] in alike]
    out = list(text)
    for _ in range(at_most):
        if places:
            place = places.pop(int(rng.random() * len(places)))
            out[place] = pick(rng, alike[out[place]])
    return "".join(out)


def typed(rng: Random, text: str) -> str:
    """One slip of the keyboard: a character left out, doubled, or two that change places."""
    if len(text) < 4:
        return text
    at = between(rng, 1, len(text) - 2)
    draw = rng.random()
    if draw < 0.45:
        return text[:at] + text[at + 1 :]
    if draw < 0.65:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def garbled(rng: Random, text: str) -> str:
    """UTF-8 read as GBK, as most mojibake is; now and then the odd byte at the end was lost."""
    wrong = text.encode().decode("gb18030", "replace")
    return wrong.replace("\ufffd", "?") if rng.random() < 0.5 else wrong


def told(rng: Random, text: str) -> str:
    """How somebody who complains writes a name into the line for it."""
    draw = rng.random()
    if draw < 0.30:
        return text
    if draw < 0.45:
        return pick(rng, ("一家叫", "投诉", "商家：", "叫做", "店名：")) + text
    if draw < 0.60:
        return text + pick(rng, ("的老板", "店里", "（门店）", "不退款", "售后", "旁边那家"))
    if draw < 0.75:
        return "“" + text + "”"
    if draw < 0.9:
        return text + pick(rng, ("!", "。", "……", " "))
    return " ".join(text)
