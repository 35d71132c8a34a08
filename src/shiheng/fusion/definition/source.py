"""The shape of a declared source: columns, what is demanded of a whole file, what each row says of whom. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shiheng.subjects.definition import PERSONAL, Basis

KINDS = (
    "text",
    "name",
    "person",
    "uscc",
    "regno",
    "orgcode",
    "identifier",
    "day",
    "capital",
    "address",
    "region",
    "code",
    "number",
    "money",
    "phone",
    "id_number",
    "flag",
    "moment",
)

# How a file stands to what was sent before it; the first one a contract names is taken when the sender says nothing.
DELIVERIES = {
    "snapshot": "全量（不再列出的即已终止）",
    "increment": "增量（新增和变化）",
    "deletions": "删除清单（列出的予以终止）",
}
# What a contract may call a column: kept in no clear text.
SENSITIVE = PERSONAL
# What a contract may demand of a whole file.
ASSERTIONS = {
    "rowCount": "行数",
    "duplicateKey": "重复的主键",
    "nullShare": "未填的比例",
    "unknownCodeShare": "代码表以外的比例",
    "codeShare": "某一代码的比例",
}

# What a statement may say of a subject: field -> Chinese title. A mapping that names another field is refused.
FIELDS = {
    "name": "名称",
    "uscc": "统一社会信用代码",
    "regno": "注册号",
    "pripid": "主体身份代码",
    "type": "类型",
    "status": "登记状态",
    "established": "成立日期",
    "approved_on": "核准日期",
    "capital": "注册资本",
    "representative": "法定代表人（负责人、经营者）",
    "address": "住所",
    "business_address": "经营场所",
    "business_scope": "经营范围",
    "region": "行政区划",
    "industry": "行业",
    "industry_code": "行业代码",
    "registration_authority": "登记机关",
    "term_from": "营业期限自",
    "term_to": "营业期限至",
    "postal_code": "邮政编码",
    "parent": "隶属企业",
    "orgcode": "组织机构代码",
}


# What the subject file can only take as one kind, and how long it may be: a declaration that cannot serve is refused
# when it is read, not when its first file comes.
FIELD_KINDS = {
    "uscc": ("uscc",),
    "regno": ("regno",),
    "orgcode": ("orgcode",),
    "established": ("day",),
    "approved_on": ("day",),
    "term_from": ("day",),
    "term_to": ("day",),
    "capital": ("capital",),
    "region": ("region",),
    "status": ("code",),
}
LONGEST = {"name": 300, "representative": 190, "address": 500, "business_address": 500, "pripid": 64}
CHANGES = frozenset({"kept", "deleted"})
UNTOLD = frozenset({"uscc", "regno", "orgcode", "identifier", "day", "moment"})
IDENTIFYING = ("uscc", "regno", "identifier", "orgcode")
# What may stand beside a name as the second sign that two rows speak of one business.
SECOND_SIGNS = ("representative", "address", "business_address", "region")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: how it is called there, what it holds, and when a value is refused."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    max_length: int = 0
    nulls: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    not_after_delivery: bool = False
    currency_column: str = ""
    open_end: bool = False
    sensitive: str = ""
    unique: bool = False
    pattern: str = ""
    pattern_title: str = ""
    minimum: float | None = None
    maximum: float | None = None
    repair: bool = True

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.title, self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Assertion:
    """What must hold of a whole file, else it is refused whole.

    Shares are between 0 and 1. ``column`` is the one a share is measured in, ``columns`` the key that must not come
    twice, ``value`` the standard code a ``codeShare`` counts. ``of_last`` bounds the rows by those of the delivery
    before; with none before, it holds.
    """

    kind: str
    column: str = ""
    columns: tuple[str, ...] = ()
    value: str = ""
    share: bool = True
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    min_share_of_last: float | None = None
    max_share_of_last: float | None = None

    def holds(self, measured: float, *, last: int | None = None) -> bool:
        """Whether what was measured is within the bounds; ``last`` is how many rows the delivery before had."""
        if last:
            if self.min_share_of_last is not None and measured < self.min_share_of_last * last:
                return False
            if self.max_share_of_last is not None and measured > self.max_share_of_last * last:
                return False
        return (
            (self.at_least is None or measured >= self.at_least)
            and (self.above is None or measured > self.above)
            and (self.at_most is None or measured <= self.at_most)
            and (self.below is None or measured < self.below)
        )

    def bound(self) -> str:
        """The bounds in words, for the one who is told that they do not hold."""
        words = {"不少于": self.at_least, "多于": self.above, "不多于": self.at_most, "少于": self.below}
        if self.at_least is not None and self.at_least == self.at_most:
            words = {"等于": self.at_least}
        spelt = [f"{word} {_spelt(value, share=self.share)}" for word, value in words.items() if value is not None]
        if self.min_share_of_last is not None:
            spelt.append(f"不少于上一批的 {_spelt(self.min_share_of_last, share=True)}")
        if self.max_share_of_last is not None:
            spelt.append(f"不多于上一批的 {_spelt(self.max_share_of_last, share=True)}")
        return "，".join(spelt)


def _spelt(value: float, *, share: bool) -> str:
    return f"{value * 100:g}%" if share else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Deleted:
    """A row whose ``column`` holds one of ``values`` takes back what its source said before under the same key.

    Of a column with a code list the values are every spelling and the standard value, so that either tells.
    """

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Words that stand where a value should: the source was asked and has ``none``, or it failed (``unknown``).

    With ``column`` the words of that column tell how the whole row stands; without, they may stand in any cell.
    """

    none: tuple[str, ...]
    unknown: tuple[str, ...]
    column: str = ""


@dataclass(frozen=True, slots=True)
class ByName:
    """Rows without any code: the column of the exact name, and the fields of which one at least must agree too."""

    name: str
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """What each row adds to a subject's file when there are many a subject: a permit, a penalty, a report.

    ``key`` is the column that names the record (the same key later is the same record), ``day`` and ``state`` columns
    date it and say how it stands, ``change`` is the column in which the department marks a row added, changed or
    deleted (its codes: ``kept`` and ``deleted``), ``facts`` maps the record's own field names to columns. ``always``
    holds for every row that does not say otherwise: a file of one kind of permit has no column for its title. ``until``
    is the column of its last day; ``person_name`` and ``person_id`` those of the natural person it speaks of, if any.
    """

    kind: str
    key: str
    day: str = ""
    state: str = ""
    change: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    until: str = ""
    person_name: str = ""
    person_id: str = ""

    def statements(self) -> dict[str, str]:
        """Field of the statement → column; fields of records carry their kind before a full stop."""
        own = {
            "key": self.key,
            "day": self.day,
            "state": self.state,
            "change": self.change,
            "until": self.until,
            "person_name": self.person_name,
            "person_id": self.person_id,
        }
        said = {f"{self.kind}.{name}": column for name, column in own.items() if column}
        return said | {f"{self.kind}.facts.{name}": column for name, column in self.facts.items()}


@dataclass(frozen=True, slots=True)
class Source:
    """A declared source under version; ``statements`` maps a field of the subject to the column that says it."""

    code: str
    title: str
    version: str
    department: str
    columns: tuple[Column, ...]
    statements: Mapping[str, str]
    identify: tuple[str, ...]
    day: str | None = None
    authority: Mapping[str, int] = field(default_factory=dict)
    frequency_days: int = 0
    max_quarantined_share: float = 1.0
    purpose: str = ""
    record: RecordMapping | None = None
    deliveries: tuple[str, ...] = ("increment",)
    third_party: bool = False
    owner: str = ""
    unit: str = ""
    limitations: str = ""
    legal_basis: tuple[Basis, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    deleted: Deleted | None = None
    absent: Absent | None = None
    by_name: ByName | None = None

    def said(self) -> dict[str, str]:
        """Everything a row of this source states: field → column, the subject's own and the record's."""
        return {**self.statements, **(self.record.statements() if self.record else {})}

    def telling(self) -> frozenset[str]:
        """The columns whose values may be said to be absent: found nothing of, or not obtained.

        What identifies, keys and dates is just empty then: a word that stands for nothing must not name or order rows.
        """
        fields = set(self.statements.values()) - {*self.identify, self.day}
        return frozenset(fields | {self.record.facts[name] for name in self.telling_facts()} if self.record else fields)

    def telling_facts(self) -> frozenset[str]:
        """The facts of the record of which that may be said."""
        if self.record is None:
            return frozenset()
        said = self.record.statements()
        own = {column for name, column in said.items() if ".facts." not in name} | {*self.identify, self.day}
        mute = {c.name for c in self.columns if c.kind in UNTOLD}
        return frozenset(name for name, column in self.record.facts.items() if column not in own | mute)

    def taken_back_by(self) -> frozenset[str]:
        """The columns without which a row that takes back names nothing; whose it is, ``identify`` tells."""
        return frozenset({self.record.key} if self.record else ())

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    def sensitive(self) -> dict[str, str]:
        """Column → what is personal in it."""
        return {c.name: c.sensitive for c in self.columns if c.sensitive}
