"""What a power of the 权责清单 is, how powers of a kind are exercised, and which changes a bureau may make. Pure.

A line declares its powers in ``powers.csv`` and the courses of a kind in ``flows.toml``; both are versions keyed by
code and first day in force.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

POWERS = "powers"
FLOWS = "flows"

KINDS = {
    "licensing": "行政许可",
    "penalty": "行政处罚",
    "coercion": "行政强制",
    "levy": "行政征收",
    "payment": "行政给付",
    "inspection": "行政检查",
    "confirmation": "行政确认",
    "reward": "行政奖励",
    "adjudication": "行政裁决",
    "other": "其他行政权力",
}
"""The ten kinds of Guangdong."""

LEVELS = {"province": "省", "city": "市", "county": "县（区）", "town": "镇街"}
LEVELS_READ = {
    "省": "province",  # not shown: read only
    "省级": "province",  # not shown: read only
    "市": "city",  # not shown: read only
    "市级": "city",  # not shown: read only
    "设区的市": "city",  # not shown: read only
    "县": "county",  # not shown: read only
    "县级": "county",  # not shown: read only
    "区": "county",  # not shown: read only
    "区级": "county",  # not shown: read only
    "县（区）": "county",  # not shown: read only
    "县(区)": "county",  # not shown: read only
    "镇": "town",  # not shown: read only
    "镇街": "town",  # not shown: read only
    "乡镇": "town",  # not shown: read only
    "镇级": "town",  # not shown: read only
    "街道": "town",  # not shown: read only
}
UNITS = {"wd": "个工作日", "cd": "日", "m": "个月", "h": "小时"}
_LIMIT = re.compile(r"(\d{1,3})(wd|cd|m|h)")


@dataclass(frozen=True, slots=True)
class Basis:
    """Instrument and article; ``verified``: the article was read for this. ``note`` says in which text."""

    instrument: str
    article: str
    verified: bool
    note: str = ""

    def __str__(self) -> str:
        return self.words(str)

    def words(self, _: Callable[[str], str]) -> str:
        """Instrument and article in the reader's words; one nobody read says so."""
        told = _("《%(instrument)s》%(article)s") % {"instrument": self.instrument, "article": self.article}
        return told if self.verified else told + _("（条文待核对）")


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take."""

    count: int
    unit: str

    def words(self, _: Callable[[str], str] = str) -> str:
        return f"{self.count} {_(UNITS[self.unit])}"


def read_limit(text: str) -> Limit | None:
    """``20wd``, ``90cd``, ``3m``, ``24h``; an empty text is no limit."""
    if not text:
        return None
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise ValueError(f"no limit: {text!r}")
    return Limit(int(match[1]), match[2])


@dataclass(frozen=True, slots=True)
class Power:
    """One item of the list as one version of it stands."""

    code: str
    in_force_from: date
    title: str
    kind: str
    field: str
    unit: str
    levels: tuple[str, ...]
    basis: Basis
    statutory: str = ""
    promised: str = ""
    until: date | None = None
    line: str = ""
    base_code: str = ""
    content: str = ""
    fee: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS or not self.levels or set(self.levels) - set(LEVELS):
            raise ValueError(f"{self.code}: no such kind or level: {self.kind} {self.levels}")
        for limit in (self.statutory, self.promised):
            read_limit(limit)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of exercising a power: who does what within which time on which article, and what follows on what."""

    code: str
    title: str
    duty: str
    who: str
    limit: str
    basis: Basis | None
    follows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """How every power of a kind is exercised, and who answers for what is done wrong."""

    code: str
    in_force_from: date
    title: str
    kind: str
    steps: tuple[Step, ...]
    accountability: str
    accountability_basis: Basis
    powers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        codes = [step.code for step in self.steps]
        unknown = {goal for step in self.steps for goal, _ in step.follows} - set(codes)
        if not codes or len(set(codes)) != len(codes) or unknown or self.kind not in KINDS:
            raise ValueError(f"flow {self.code}: steps repeat, lead nowhere or have no kind: {unknown}")


def flow_of(power_code: str, kind: str, flows: Iterable[Flow]) -> Flow | None:
    """The course of one power: its own where one names it, else that of its kind."""
    held = [flow for flow in flows if flow.kind == kind]
    own = next((flow for flow in held if power_code in flow.powers), None)
    return own or next((flow for flow in held if not flow.powers), None)


# -- what a bureau changes

CHANGES = {"add": "新增", "amend": "变更", "cancel": "取消", "devolve": "下放", "entrust": "委托"}
TRIGGERS = {
    "law": "法律、法规、规章立改废",
    "devolution": "上级下放",
    "reform": "机构或者职能改革",
    "upper": "上级目录调整",
}
STATES = {
    "draft": "起草",
    "checked": "合法性审核通过",
    "approved": "已批准",
    "published": "已公布",
    "returned": "已退回",
    "undone": "已撤销",
}
STATUSES = {"kept": "现行", "add": "新增", "amend": "变更", "cancel": "取消", "devolve": "下放", "entrust": "委托"}

FIELDS = {
    "title": "职权名称",
    "kind": "职权类别",
    "field": "业务领域",
    "unit": "责任科室",
    "levels": "行使层级",
    "instrument": "设定依据",
    "article": "条款",
    "statutory": "法定期限",
    "promised": "承诺期限",
    "content": "行使内容",
    "fee": "收费",
    "base_code": "基本编码",
}
"""What of a power a local change may set, with the titles pages show."""

ENTRUSTED = ("entrusted_to", "agreement", "ends")


def check_entrustment(kind: str, *, organisation: str, agreement: str, published: str, onward: bool) -> str:
    """Why a power may not be entrusted so, or nothing: APL art 20 wants it written, made public and not passed on."""
    if not organisation:
        return "请写明受委托组织的名称。"
    if not agreement:
        return "委托须采用书面形式，请写明委托书文号（行政处罚法第二十条）。"
    if kind == "penalty" and onward:
        return "受委托组织不得再委托其他组织或者个人实施行政处罚（行政处罚法第二十条第四款）。"
    if not published:
        return "委托书应当向社会公布，请写明公布的网址或者方式（行政处罚法第二十条）。"
    return ""
