"""A declared source read whole: text in, a ``Source`` out, every fault of a declaration in Chinese with its place."""

import re
from datetime import date
from typing import Any

from shiheng.fusion.definition import contract as contracts
from shiheng.fusion.definition import mapping as mappings
from shiheng.fusion.definition.source import DELIVERIES, FIELDS, Source
from shiheng.kernel.errors import Refused
from shiheng.subjects.definition import Basis


def parse_source(contract_text: str, mapping_text: str, *, where: str = "contract.yaml") -> Source:
    """Read a declared source; raises ``Refused`` naming the file, the column and the fault."""
    contract = contracts.load(contract_text, where)
    mapping = contracts.load(mapping_text, where.replace("contract", "mapping"))
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
    custom = contracts.custom_of(contract)
    nulls = tuple(str(n) for n in custom.get("nulls", ()))
    table = contract["schema"][0]
    columns = tuple(contracts.parse_column(c, nulls, where) for c in table.get("properties") or ())
    names = {c.name for c in columns}
    contracts.check_columns(columns, names, where)
    statements = {str(f): str(c) for f, c in (mapping.get("statements") or {}).items()}
    for said, column_name in statements.items():
        if said not in FIELDS:
            raise Refused("mapping.field", f"映射文件写了未知的档案字段 {said!r}。")
        if column_name not in names:
            raise Refused("mapping.column", f"映射文件把 {said} 指向 {column_name!r}，契约中没有这一列。")
    by_name = mappings.parse_by_name(mapping.get("identify_by_name"), statements)
    identify = tuple(mapping.get("identify") or ())
    if not (identify or by_name) or any(i not in names for i in identify):
        raise Refused("mapping.identify", "映射文件的 identify 须列出契约中用来归户的列，至少一列。")
    record = mappings.parse_record(mapping.get("record"), names)
    columns = mappings.fitted(columns, statements, record)
    by_column = {c.name: c for c in columns}
    mappings.check_kinds(by_column, statements, identify, mapping.get("day"), record)
    mappings.check_sensitive(by_column, statements, record)
    deliveries = mappings.words(custom.get("deliveries")) or ("increment",)
    if unknown := [d for d in deliveries if d not in DELIVERIES]:
        raise Refused(
            "contract.deliveries", f"{where} 的 deliveries 写了 {unknown[0]!r}，只能是 {'、'.join(DELIVERIES)}。"
        )
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
        deliveries=deliveries,
        third_party=bool(custom.get("thirdParty", False)),
        owner=str(custom.get("owner") or custom.get("department", "")),
        unit=str(custom.get("unit", "")),
        limitations=str((contract.get("description") or {}).get("limitations", "")),
        legal_basis=tuple(
            Basis(
                str(b["instrument"]),
                str(b.get("article", "")),
                b["inForceFrom"] if isinstance(b.get("inForceFrom"), date) else None,
                verified=bool(b.get("verified", False)),
                note=str(b.get("note", "")),
            )
            for b in custom.get("legalBasis") or ()
        ),
        assertions=contracts.parse_assertions(table, by_column, where),
        deleted=mappings.parse_deleted(mapping.get("deleted"), by_column, record),
        absent=mappings.parse_absent(mapping.get("absent"), by_column),
        by_name=by_name,
    )
