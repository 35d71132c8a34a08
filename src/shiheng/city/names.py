"""Names of invented businesses, in the order the law sets: region, trade name (字号), industry, form of organisation.

Every trade name group gets its own trade name by a one-to-one image of its number; the same trade name in two places
is always planted, and the truth says whether the two belong together.
"""

from random import Random

from shiheng.city.draw import Weighted, pick
from shiheng.city.places import CITY, District
from shiheng.city.words import words

_CHARACTERS = (
    "恒润嘉瑞鑫泰昌隆盛茂丰裕康宁祥和顺达通利源汇聚众合联创新锐智慧博雅文华锦绣凯旋腾飞宏伟卓越"
    "诚信德仁义礼明远志航星辰晨曦朗清韵芳菲兰桂松柏竹梅荷莲蓝翠碧青紫金银玉珠宝珍琳琅安平乐悦怡"
    "欣荣光辉耀灿晟昊旭阳东方正中元亨贞吉庆福禄寿喜圣哲贤俊杰英豪格品尚优佳美艺诺承启迪拓展骏驰"
    "捷迅云泓沛澜沐禾谷穗农牧山川岭峰石岩"
)
CHARACTERS = "".join(dict.fromkeys(_CHARACTERS))
_N = len(CHARACTERS)
_TWO = _N * _N
_THREE = _N**3
GROUPS_PER_BLOCK = 128  # more than a block can use

_FORMS = Weighted([("有限公司", 88.0), ("有限责任公司", 12.0)])


def trade_name(group: int, seed: int) -> str:
    """The trade name of group number ``group``: two characters while they last for even groups, else three."""
    if group % 2 == 0 and group // 2 < _TWO:
        n = (group // 2 * 10_007 + seed * 769 + 3_571) % _TWO
        return CHARACTERS[n // _N] + CHARACTERS[n % _N]
    n = (group * 1_000_003 + seed * 15_485_863 + 611_953) % _THREE
    return CHARACTERS[n // (_N * _N)] + CHARACTERS[n // _N % _N] + CHARACTERS[n % _N]


def another(name: str, taken: set[str]) -> str:
    """A branch's name that its house does not use yet: 第二分公司, 二店."""
    for serial in "二三四五六七八九":
        ending = "分公司" if name.endswith("分公司") else "店"
        fresh = name.removesuffix(ending) + ("第" if ending == "分公司" else "") + serial + ending
        if fresh not in taken:
            return fresh
    raise ValueError(name)


def region_prefix(rng: Random, district: District) -> str:
    """How a firm's name begins; the city alone is the most usual."""
    return pick(rng, (CITY, CITY, CITY, CITY + district.name, district.name, CITY.removesuffix("市")))


def company(prefix: str, brand: str, trade: str, form: str) -> str:
    """A company's name; one in twelve real names puts the place in brackets, which the caller asks for by prefix ''."""
    return f"{prefix}{brand}{trade}{form}"


def company_form(rng: Random, type_code: str) -> str:
    """The words a type of enterprise must end its name with."""
    fixed = {
        "1222": "股份有限公司",
        "4540": pick(rng, ("厂", "经营部", "商行", "工作室")),
        "4531": pick(rng, ("事务所（普通合伙）", "商行（普通合伙）")),
        "4533": "合伙企业（有限合伙）",
        "3200": pick(rng, ("供应站", "服务社", "厂")),
        "1110": "有限公司",
    }
    return fixed.get(type_code) or _FORMS.draw(rng)


def cooperative(district: District, town: str, brand: str, produce: str) -> str:
    return f"{CITY}{district.name}{town.removesuffix('街道').removesuffix('镇')}{brand}{produce}专业合作社"


def shop(rng: Random, district: District, town: str, brand: str, kind: str, owner: str) -> str:
    """An individual business: with the district, sometimes the town, a trade name or the owner's; a few have none."""
    draw = rng.random()
    if draw < 0.02:
        return f"个体户{owner}"
    stem = town.removesuffix("街道").removesuffix("镇")
    front = pick(rng, (CITY + district.name, CITY + district.name, district.name, CITY + district.name + stem, stem))
    if draw < 0.30:
        brand = pick(rng, words("nickname"))
    elif draw < 0.42:
        brand = owner
    suffix = pick(rng, ("", "", "", "", "（个体工商户）"))
    return f"{front}{brand}{kind}{suffix}"


def shared_shop(rng: Random, district: District, kind: str) -> str:
    """A name several unrelated shops of a district bear alike."""
    return f"{district.name}{pick(rng, words('nickname'))}{kind}"


def branch(parent: str, district: District, town: str, serial: int, *, shop_like: bool) -> str:
    """A branch bears its parent's name (企业名称登记管理规定 art 13)."""
    stem = town.removesuffix("街道").removesuffix("镇")
    if shop_like:
        return f"{parent}{stem}{'一二三四五六七八九十'[serial % 10] if serial else ''}店"
    where = district.name.removesuffix("区").removesuffix("县") if serial == 0 else stem
    return f"{parent}{where}分公司"
