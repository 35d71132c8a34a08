"""What the city's businesses do: classes of GB/T 4754-2017 with the words for names and scopes, and their weights."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shiheng.city.draw import Weighted

FOOD = ("62", "521", "522", "512", "141", "135", "139", "143")


@dataclass(frozen=True, slots=True)
class Industry:
    """One class: weights for enterprises, individual businesses and branches, and how prone it is to violations."""

    code: str
    name: str
    enterprise: float
    individual: float
    branch: float
    company_words: tuple[str, ...]
    shop_words: tuple[str, ...]
    scopes: tuple[str, ...]
    prone: float


@cache
def industries() -> tuple[Industry, ...]:
    """Every class the city knows, read from the table beside this file."""
    text = files(__package__).joinpath("industries.tsv").read_text(encoding="utf-8")
    made: list[Industry] = []
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        code, name, enterprise, individual, branch, words, shops, scopes, prone = line.split("\t")
        made.append(
            Industry(
                code,
                name,
                float(enterprise),
                float(individual),
                float(branch),
                tuple(words.split(",")),
                tuple(shops.split(",")),
                tuple(scopes.split(";")),
                float(prone),
            )
        )
    return tuple(made)


@cache
def weighted(kind: str) -> Weighted[Industry]:
    """The classes weighted for a kind of subject."""
    if kind == "cooperative":
        return Weighted(
            [(i, i.enterprise) for i in industries() if i.code[:2] in ("01", "03", "04") or i.code == "5123"]
        )
    return Weighted([(i, getattr(i, kind)) for i in industries()])


def industry(code: str) -> Industry:
    return next(i for i in industries() if i.code == code)


_GENERAL = (
    "技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广",
    "货物进出口",
    "国内贸易代理",
    "日用百货销售",
    "办公用品销售",
    "信息咨询服务（不含许可类信息咨询服务）",
    "会议及展览服务",
    "非居住房地产租赁",
    "机械设备租赁",
    "劳动保护用品销售",
    "包装服务",
    "食用农产品零售",
    "电子产品销售",
    "化妆品零售",
    "针纺织品销售",
)
GENERAL_SCOPES = _GENERAL
APPROVAL_CLAUSE = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
