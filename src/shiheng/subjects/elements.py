"""A Chinese address cut into its elements: division, road, number, estate, building, unit, floor, room. Pure.

``addresses`` cuts an address at road and number, fast, for looking it up; this reads everything that is written, also
where an estate or a crossing tells the place and no number does. Read by the words that end each element, with no list
of places: an element is as sure as its ending.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from shiheng.subjects import naming
from shiheng.subjects.addresses import either, placed
from shiheng.subjects.folding import BRACKETED

KINDS = {
    "province": "省", "city": "市", "district": "区县", "town": "镇街", "zone": "开发区", "village": "村居",
    "group": "组", "road": "路", "number": "门牌号", "name": "名称", "phase": "期", "area": "分区", "building": "楼栋",
    "unit": "单元", "floor": "楼层", "room": "房号", "gate": "出入口", "offset": "方位距离",
}  # fmt: skip
"""Every kind of element, coarse before fine, and what it is called."""


@dataclass(frozen=True, slots=True)
class Elements:
    """An address read: ``whole`` as compared, ``told`` every (kind, text) as written from left to right, each once.

    ``remarks`` stood in brackets; ``crossing`` and ``about`` say that the place is told by a crossing, or as near it.
    """

    whole: str
    told: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    crossing: bool
    about: bool

    def of(self, *kinds: str) -> list[str]:
        """The elements of some kinds, as written."""
        return [text for kind, text in self.told if kind in kinds]


_CHARACTERS = "零〇一二三四五六七八九十百两"
_COUNTED = "号|弄|栋|幢|座|单元|楼|层|室|期|区|巷|组|队|门|路|街|大道|支|标段|排|段|院"
_COUNT = re.compile(rf"(?<![{_CHARACTERS}])([{_CHARACTERS}]+)(?={_COUNTED})|(?<=之)([{_CHARACTERS}]+)")
_ONES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100}
_BRACKETED = re.compile(BRACKETED)
# An o typed for a nought, between or behind figures.
_NOUGHT = re.compile(r"(?<=[0-9零一二三四五六七八九])[o〇]+(?=[0-9o号弄栋幢楼室层])")
_LOOSE = re.compile(r"(?<![0-9a-z])-+|-+(?![0-9a-z])")


_FIGURES = re.compile(r"\d+")
# Higher than this nobody lives: 66楼 of an estate is its building 66.
_FLOORS = 33


def _figure(found: re.Match[str]) -> str:
    """A count in characters as figures: 十二 is 12, 一百零三 is 103, 二〇一 is 201."""
    said = found[0]
    if not set(said) & set(_TENS):
        return "".join(str(_ONES[c]) for c in said)
    total = last = 0
    for c in said:
        if c in _TENS:
            total, last = total + (last or 1) * _TENS[c], 0
        else:
            last = _ONES[c]
    return str(total + last)


_PROVINCES = either(naming.words("provinces.txt"))
# 小区, 园区, 厂区 … end no division; nor does 市 before 场.
_NO_DISTRICT = "小社园景校片厂住宅宿院矿业发活商科"
_DIVISION = re.compile(
    rf"(?P<province>(?:{_PROVINCES})(?:省|市(?!场)|自治区|特别行政区|(?=[^省市区县路街道巷]{{2,5}}(?:市|区|县))))"
    r"|(?P<city>[^省市区县镇乡街路道号村0-9]{2,4}(?<![超城都夜门上菜集闹])(?:市(?!场|政|民|街|路|镇|心)|自治州|地区|盟(?=.{1,6}旗)))"
    rf"|(?P<district>[^市区县镇乡街路道号村0-9]{{1,6}}?(?:自治县|自治旗|[左右]旗|(?<![{_NO_DISTRICT}])(?<![{_NO_DISTRICT}]新)"
    r"(?<![东西南北中内a-z])(?<!大院)区(?!域|间)|县(?!道|城|医|政|委|府)))"
    r"|(?P<town>[^市区县村号0-9]{1,5}?(?:街道办事处|街道办|街道)(?!口)|[^市区县村路道号0-9]{1,5}?(?:办事处|[镇乡](?!路|塘|街|大道|政府|中|[东西南北]路|卫|小|医|人民|政)))"
)
_NUMBERED = re.compile(
    r"(?P<offset>[东西南北侧方向约行]*\d+(?:米|公里|m)(?!阳光)[远处左右]*)"
    r"|(?P<phase>\d+期)"
    r"|(?P<building>(?:[a-z]?-?\d+(?:-\d+)?[a-z]?|[a-z]|[甲乙丙丁])(?:号楼|号?栋|号?幢|号?座|号宿舍楼|排)楼?)"
    r"|(?P<unit>(?:\d+|[a-z]|[甲乙丙丁])(?:号?单元|号?门洞|单(?=$|\d)))"
    r"|(?P<gate>(?:[东西南北]+|\d+号?|[a-z]\d?)[侧]?门(?=$|口))"
    r"|(?P<room>[a-z]?-?\d+[a-z]?-?\d*号?(?:室|房|户|铺|档口|档|摊位|门面|门市|商铺|仓))"
    r"|(?P<floor>(?:[负b地下]*-?\d+|底|首)(?:号?层|楼)(?!市|盘))"
    r"|(?P<area>(?:[a-z]\d?|\d+|[东西南北中])(?:区|片区|组团)(?!域))"
    r"|(?P<number>[甲乙丙丁附]?\d+(?:-\d+)*[a-z]?(?:(?:号|弄|支弄)(?:之\d+(?:-\d+)?号?|附\d+号?|-\d+号)*|之\d+号)"
    r"(?!线|路|门|店|馆|公馆|街|桥|码头|机)(?:院(?!子))?)"
    r"|(?P<group>\d+(?:组|队|社(?!区))(?!团))"
    r"|(?P<series>[a-z]?\d++(?:-[a-z]?\d++){1,3}(?![路街巷道线]))"
    r"|(?P<bare>[a-z]?\d++[a-z]?\d*+(?![路街巷道线年度号弄栋幢]|大道|大街|省道|国道|县道|支路))"
)
_ROAD = (
    r"(?:大道|大街|公路|国道|省道|县道|乡道|高速|胡同|路|街|巷|弄(?!堂)|道(?=$|\d|[与和交])|线(?=$|\d|[与和交]))"
    r"(?!道|区|口镇|桥区|边|南村|灯|心|段)(?:[东南西北中]段|\d段|(?<=大道)[东西南北中](?=$|\d))?"
)
_ESTATE = either(naming.words("estates.txt"))
_ENDINGS = [
    re.compile(pattern)
    for pattern in (
        rf"(?P<road>.{{1,9}}?{_ROAD})",
        r"(?P<village>.{1,7}?(?:村委会|居委会|行政村|自然村|社区(?!卫|服)|(?<![新农])村(?!路|[东南西北中]?[路街巷]|大)))",
        r"(?P<zone>.{2,10}?(?:开发区|高新区|工业区|开发新区|保税区|示范区))",
        rf"(?P<name>.{{2,12}}?(?:{_ESTATE})(?:{_ESTATE})?)",
    )
]
_CROSSING = re.compile(
    r"(?:的)?(?:十字路口|丁字路口|三岔路口|交叉路?口|交汇处?|交界处?|交接处|交口|路口|(?<=[路街道])口)的?"
)
_ABOUT = re.compile(
    r"附近|旁边|旁|斜?对面|门口|隔壁|楼下|后面|前面|里面|边上|靠近|院内|内$|[往向][东西南北]|"
    r"[东西南北]行|[东南西北]{1,2}[侧角]|(?<=路)[东西南北](?=$|\d)"
)
_NEAR, _MEET = "\x01", "\x02"
_LINKS = "的与和在、及"


@lru_cache(maxsize=65_536)
def read(text: str) -> Elements:
    """One address, read from left to right."""
    bare = placed(_BRACKETED.sub("", text)).replace("巿", "市")
    whole = _LOOSE.sub("", _COUNT.sub(_figure, _NOUGHT.sub(lambda found: "0" * len(found[0]), bare)))
    told: list[tuple[str, str]] = []
    at = 0
    while found := _DIVISION.match(whole, at):
        kind = str(found.lastgroup)
        # A second city lies in the first: 浙江省金华市义乌市.
        below = kind == "city" and any(before == "city" and text != found[0] for before, text in told)
        told.append(("district" if below else kind, found[0]))
        at = found.end()
    rest, meets = _CROSSING.subn(_MEET, whole[at:])
    rest, nears = _ABOUT.subn(_NEAR, rest)
    at = 0
    for found in _NUMBERED.finditer(rest):
        told += _worded(rest[at : found.start()])
        told += _counted(found, told)
        at = found.end()
    told += _worded(rest[at:])
    remarks = tuple(placed(remark) for remark in _BRACKETED.findall(text))
    return Elements(whole, tuple(dict.fromkeys(told)), remarks, bool(meets), bool(nears))


def _worded(text: str) -> Iterator[tuple[str, str]]:
    """What stands between two numbers: roads, villages and estates by their endings, and the name left over."""
    for part in re.split(f"[{_NEAR}{_MEET}]", text):
        at = 0
        while found := min(
            (met for pattern in _ENDINGS if (met := pattern.match(part, at))), key=lambda met: met.end(), default=None
        ):
            at = found.end()
            if word := found[0].strip(_LINKS):
                yield str(found.lastgroup), word
        if word := part[at:].strip(_LINKS):
            yield "name", word


def _counted(found: re.Match[str], told: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """An element with a number; one that names no kind is what stands where it stands."""
    kind, text = str(found.lastgroup), found[0]
    named = {before for before, _ in told}
    if kind == "series":
        first, *more = text.split("-")
        if "name" in named or len(more) > 1:
            return [("building", first), *(("unit", unit) for unit in more[:-1]), ("room", more[-1])]
        return [("number" if "road" in named and "number" not in named else "room", text)]
    if kind == "bare":
        last = told[-1][0] if told else ""
        if last == "road" and "number" not in named:
            return [("number", text)]
        return [("building" if last == "name" and len(text) < 3 else "room", text)]
    if kind == "floor" and "building" not in named and max(map(int, _FIGURES.findall(text)), default=0) > _FLOORS:
        return [("building", text)]
    return [(kind, text)]
