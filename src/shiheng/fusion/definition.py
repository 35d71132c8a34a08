"""A data source as a department agreed to it: columns, checks, code lists and what each column says of a subject.

The file form is the Open Data Contract Standard (``contract.yaml``, v3) with a ``mapping.yaml`` beside it; see the ADR
on contracts. Parsing is pure: text in, a ``Source`` out, every fault of a declaration in Chinese with its place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from shiheng.kernel.errors import Refused

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
)

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
}


# What the subject file can only take as one kind, and how long it may be: a declaration that cannot serve is refused
# when it is read, not when its first file comes.
FIELD_KINDS = {
    "uscc": ("uscc",),
    "regno": ("regno",),
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
IDENTIFYING = ("uscc", "regno", "identifier", "orgcode")


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

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.title, self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """What each row adds to a subject's file when there are many a subject: a permit, a penalty, a report.

    ``key`` is the column that names the record (the same key later is the same record), ``day`` and ``state`` columns
    date it and say how it stands, ``change`` is the column in which the department marks a row added, changed or
    deleted (its codes: ``kept`` and ``deleted``), ``facts`` maps the record's own field names to columns. ``always``
    holds for every row that does not say otherwise: a file of one kind of permit has no column for its title.
    """

    kind: str
    key: str
    day: str = ""
    state: str = ""
    change: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)

    def statements(self) -> dict[str, str]:
        """Field of the statement → column; fields of records carry their kind before a full stop."""
        own = {"key": self.key, "day": self.day, "state": self.state, "change": self.change}
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

    def said(self) -> dict[str, str]:
        """Everything a row of this source states: field → column, the subject's own and the record's."""
        return {**self.statements, **(self.record.statements() if self.record else {})}

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _custom(block: Mapping[str, Any]) -> dict[str, Any]:
    """ODCS keeps what is not in the standard as a list of ``{property, value}``."""
    return {p["property"]: p["value"] for p in block.get("customProperties") or ()}


def _yaml(text: str, where: str) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f"第 {mark.line + 1} 行" if mark else ""
        raise Refused("contract.unreadable", f"{where} {place}不是有效的 YAML，请检查缩进与引号。") from None
    if not isinstance(loaded, dict):
        raise Refused("contract.unreadable", f"{where} 应是键值结构的 YAML 文件。")
    return loaded


def _parse_column(raw: Mapping[str, Any], nulls: tuple[str, ...], where: str) -> Column:
    custom = _custom(raw)
    name = raw.get("name")
    if not name:
        raise Refused("contract.column", f"{where} 的 schema.properties 中有一列没有 name。")
    kind = custom.get("kind") or {"date": "day"}.get(raw.get("logicalType", "string"), "text")
    if kind not in KINDS:
        raise Refused("contract.kind", f"{where} 列 {name} 的 kind 是 {kind!r}，只能是 {'、'.join(KINDS)}。")
    options = raw.get("logicalTypeOptions") or {}
    return Column(
        name=str(name),
        title=str(raw.get("businessName") or name),
        aliases=tuple(str(a) for a in custom.get("aliases", ())),
        kind=kind,
        required=bool(raw.get("required", False)),
        max_length=int(options.get("maxLength", 0)),
        nulls=nulls,
        codes={str(k): str(v) for k, v in (custom.get("codes") or {}).items()},
        not_after_delivery=bool(custom.get("notAfterDelivery", False)),
        currency_column=str(custom.get("currencyColumn", "")),
        open_end=bool(custom.get("openEnd", False)) and kind == "day",
    )


def _parse_record(raw: Mapping[str, Any] | None, names: set[str]) -> RecordMapping | None:
    if not raw:
        return None
    facts = {str(k): str(v) for k, v in (raw.get("facts") or {}).items()}
    record = RecordMapping(
        kind=str(raw.get("kind", "")),
        key=str(raw.get("key", "")),
        day=str(raw.get("day") or ""),
        state=str(raw.get("state") or ""),
        change=str(raw.get("change") or ""),
        facts=facts,
        always={str(k): str(v) for k, v in (raw.get("always") or {}).items()},
    )
    if not record.kind.isidentifier() or not record.key:
        raise Refused("mapping.record", "映射文件的 record 须写 kind（英文标识）与 key（识别同一条记录的列）。")
    for column in (record.key, record.day, record.state, record.change, *facts.values()):
        if column and column not in names:
            raise Refused("mapping.column", f"映射文件的 record 指向 {column!r}，契约中没有这一列。")
    return record


def _check_columns(columns: tuple[Column, ...], names: set[str], where: str) -> None:
    seen: dict[str, str] = {}
    for column in columns:
        for header in column.headers:
            if seen.setdefault(header, column.name) != column.name:
                raise Refused(
                    "contract.header", f"{where} 的列名 {header!r} 同时指向 {seen[header]} 与 {column.name}。"
                )
    for c in columns:
        if c.currency_column and c.currency_column not in names:
            raise Refused(
                "contract.currency", f"{where} 列 {c.name} 的 currencyColumn 指向 {c.currency_column!r}，没有这一列。"
            )


def _fitted(
    columns: tuple[Column, ...], statements: Mapping[str, str], record: RecordMapping | None
) -> tuple[Column, ...]:
    """Columns no longer than what they are mapped to can hold."""
    longest = {column: LONGEST[said] for said, column in statements.items() if said in LONGEST}
    if record:
        longest |= {record.key: 200, record.state: 32}
    return tuple(
        replace(c, max_length=min(c.max_length or longest[c.name], longest[c.name])) if c.name in longest else c
        for c in columns
    )


def _check_kinds(
    columns: Mapping[str, Column],
    statements: Mapping[str, str],
    identify: tuple[str, ...],
    day: str | None,
    record: RecordMapping | None,
) -> None:
    for said, column in statements.items():
        if said in FIELD_KINDS and columns[column].kind not in FIELD_KINDS[said]:
            needed = "、".join(FIELD_KINDS[said])
            raise Refused("mapping.kind", f"映射文件把 {said} 指向 {column}，该列的 kind 须是 {needed}。")
    for column in identify:
        if columns[column].kind not in IDENTIFYING or column not in statements.values():
            raise Refused(
                "mapping.identify",
                f"归户列 {column} 的 kind 须是 {'、'.join(IDENTIFYING)} 之一，并写入 statements，否则无法归户。",
            )
    if record and record.change and not {"deleted"} <= set(columns[record.change].codes.values()) <= CHANGES:
        raise Refused(
            "mapping.change",
            f"映射文件 record 的 change 指向 {record.change}，该列的代码表只能译为 kept（在册）或 deleted（删除）。",
        )
    for column in filter(None, (day, record.day if record else "")):
        if column not in columns or columns[column].kind != "day":
            raise Refused("mapping.day", f"映射文件的 day 指向 {column!r}，它须是契约中 kind 为 day 的列。")


def parse_source(contract_text: str, mapping_text: str, *, where: str = "contract.yaml") -> Source:
    """Read a declared source; raises ``Refused`` naming the file, the column and the fault."""
    contract = _yaml(contract_text, where)
    mapping = _yaml(mapping_text, where.replace("contract", "mapping"))
    try:
        return _parse(contract, mapping, where)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        raise Refused(
            "contract.malformed", f"{where} 或其映射文件的结构不合规定（{problem}），请对照 ODCS v3 检查列表与数值。"
        ) from None


def _parse(contract: dict[str, Any], mapping: dict[str, Any], where: str) -> Source:
    if contract.get("kind") != "DataContract":
        raise Refused("contract.kind", f"{where} 的 kind 应为 DataContract（开放数据契约标准 ODCS）。")
    for needed in ("id", "version", "schema"):
        if not contract.get(needed):
            raise Refused("contract.incomplete", f"{where} 缺少 {needed}。")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", str(contract["id"])):
        raise Refused("contract.id", f"{where} 的 id 只能用小写字母、数字、- 与 _，以字母开头，不超过 64 个字符。")
    custom = _custom(contract)
    nulls = tuple(str(n) for n in custom.get("nulls", ()))
    table = contract["schema"][0]
    columns = tuple(_parse_column(c, nulls, where) for c in table.get("properties") or ())
    names = {c.name for c in columns}
    _check_columns(columns, names, where)
    statements = {str(f): str(c) for f, c in (mapping.get("statements") or {}).items()}
    for said, column_name in statements.items():
        if said not in FIELDS:
            raise Refused("mapping.field", f"映射文件写了未知的档案字段 {said!r}。")
        if column_name not in names:
            raise Refused("mapping.column", f"映射文件把 {said} 指向 {column_name!r}，契约中没有这一列。")
    identify = tuple(mapping.get("identify") or ())
    if not identify or any(i not in names for i in identify):
        raise Refused("mapping.identify", "映射文件的 identify 须列出契约中用来归户的列，至少一列。")
    record = _parse_record(mapping.get("record"), names)
    columns = _fitted(columns, statements, record)
    _check_kinds({c.name: c for c in columns}, statements, identify, mapping.get("day"), record)
    sla = {p.get("property"): p.get("value") for p in contract.get("slaProperties") or ()}
    return Source(
        code=str(contract["id"]),
        title=str(contract.get("name") or contract["id"]),
        version=str(contract["version"]),
        department=str(custom.get("department", "")),
        columns=columns,
        statements=statements,
        identify=identify,
        day=mapping.get("day"),
        authority={str(k): int(v) for k, v in (mapping.get("authority") or {}).items()},
        frequency_days=int(sla.get("frequency") or 0),
        max_quarantined_share=float(custom.get("maxQuarantinedShare", 1.0)),
        purpose=str((contract.get("description") or {}).get("purpose", "")),
        record=record,
    )
