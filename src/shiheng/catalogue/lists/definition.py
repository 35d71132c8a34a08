"""The lists the bureau works by beside its powers, as lines declare them. Pure.

Checklists with their points, the items open to spot checks (一单) with the rules of drawing (一细则), who is taught
which law, what may not be done or needs leave first, which violations are let off, which decisions need legal review.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shiheng.catalogue.powers.definition import Basis

CHECKLISTS = "checklists"
SPOT_CHECKS = "spot_checks"
RULES = "spot_check_rules"
EDUCATION = "law_education"
NEGATIVE = "negative_list"
LENIENCY = "leniency"
REVIEWS = "legal_reviews"

RESULTS = {
    "R01": "未发现问题",
    "R02": "未按规定公示应当公示的信息",
    "R03": "公示信息隐瞒真实情况、弄虚作假",
    "R04": "通过登记的住所（经营场所）无法联系",
    "R05": "发现问题已责令改正",
    "R06": "不配合检查情节严重",
    "R07": "未发现开展本次抽查涉及的经营活动",
    "R08": "发现问题待后续处理",
}
"""The result codes of an inspection; R01 excludes the others."""

METHODS = {"site": "实地核查", "paper": "书面检查", "network": "网络监测", "lab": "抽样检验"}
AUDIENCES = {"officers": "执法人员", "businesses": "经营主体", "public": "社会公众"}
MEASURES = {"banned": "禁止准入", "permit": "许可准入"}
PARTS = {
    "none": "免予处罚",
    "first": "首违不罚",
    "reduced": "减轻处罚",
    "lighter": "从轻处罚",
    "no_coercion": "免予强制",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a checklist: a key one that fails leads to an inquiry, a general one to an order to correct."""

    number: str
    key: bool
    text: str
    guidance: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Checklist:
    """检查表: the points of one kind of check, and the results it may end with."""

    code: str
    in_force_from: date
    title: str
    subjects: str
    power: str
    field: str
    results: tuple[str, ...]
    points: tuple[Point, ...]
    line: str = ""
    until: date | None = None

    def __post_init__(self) -> None:
        numbers = [point.number for point in self.points]
        if not self.points or len(set(numbers)) != len(numbers) or set(self.results) - set(RESULTS):
            raise ValueError(f"{self.code}: no points, points twice or unknown results")


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """随机抽查事项: what may be drawn for, of whom, how, how often, with whom."""

    code: str
    in_force_from: date
    title: str
    key: bool
    subjects: str
    methods: tuple[str, ...]
    level: str
    frequency: str
    partners: str
    power: str
    checklist: str
    basis: Basis
    field: str
    line: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class WorkingRules:
    """随机抽查工作细则: a versioned document, article by article."""

    code: str
    in_force_from: date
    title: str
    articles: tuple[tuple[str, str, Basis | None], ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """普法责任: what is taught to whom, how and how often, and by which unit."""

    code: str
    in_force_from: date
    audience: str
    instrument: str
    content: str
    way: str
    a_year: int
    unit: str
    line: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NegativeItem:
    """One item of the negative list for market access: words of a business scope it is known by, and what it asks.

    ``words`` are any-of; ``unless`` are words that, in the same part of the scope, say it is not meant.
    """

    code: str
    in_force_from: date
    number: str
    title: str
    measure: str
    words: tuple[str, ...]
    unless: tuple[str, ...]
    permit: str
    authority: str
    basis: Basis
    until: date | None = None

    def __post_init__(self) -> None:
        if self.measure not in MEASURES or not self.words:
            raise ValueError(f"{self.code}: no such measure, or no words")


@dataclass(frozen=True, slots=True)
class Leniency:
    """减免责清单: one item. ``months``: how far back "first time" looks; None where the bureau has not set it."""

    code: str
    in_force_from: date
    number: str
    part: str
    title: str
    violation: str
    basis: Basis
    circumstances: str
    penal_basis: str
    band: str
    measures: str
    note: str
    months: int | None
    line: str = ""
    until: date | None = None

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise ValueError(f"{self.code}: no such part {self.part}")


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """重大执法决定法制审核目录: one kind of decision. ``when`` says which facts of a case meet it.

    Of ``when`` every condition must hold: a number is "at least", a word "one of the penalties is", True a plain yes.
    """

    code: str
    in_force_from: date
    title: str
    decision: str
    when: Mapping[str, object]
    materials: str
    basis: Basis
    until: date | None = None
