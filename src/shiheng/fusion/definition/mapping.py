"""``mapping.yaml`` read: what the rows say, of whom, and how a row is taken back or says that it has nothing. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shiheng.fusion.definition.source import (
    CHANGES,
    FIELD_KINDS,
    IDENTIFYING,
    LONGEST,
    SECOND_SIGNS,
    Absent,
    ByName,
    Column,
    Deleted,
    RecordMapping,
)
from shiheng.kernel.errors import Refused


def parse_record(raw: Mapping[str, Any] | None, names: set[str]) -> RecordMapping | None:
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
        until=str(raw.get("until") or ""),
        person_name=str((raw.get("person") or {}).get("name") or ""),
        person_id=str((raw.get("person") or {}).get("id") or ""),
    )
    if not record.kind.isidentifier() or not record.key:
        raise Refused("mapping.record", "映射文件的 record 须写 kind（英文标识）与 key（识别同一条记录的列）。")
    for column in record.statements().values():
        if column and column not in names:
            raise Refused("mapping.column", f"映射文件的 record 指向 {column!r}，契约中没有这一列。")
    return record


def words(raw: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in raw or ())


def parse_deleted(
    raw: Mapping[str, Any] | None, columns: Mapping[str, Column], record: RecordMapping | None
) -> Deleted | None:
    """The words that take a row back; a record's own mark of change says it already."""
    if not raw and record and record.change:
        raw = {"column": record.change, "values": ["deleted"]}
    if not raw:
        return None
    column, said = str(raw.get("column", "")), words(raw.get("values"))
    if column not in columns or not said:
        raise Refused("mapping.deleted", "映射文件的 deleted 须写 column（契约中的列）与 values（表示删除的写法）。")
    codes = columns[column].codes
    if codes and (unlisted := [word for word in said if word not in codes and word not in codes.values()]):
        raise Refused("mapping.deleted", f"映射文件的 deleted 写了 {unlisted[0]!r}，不在列 {column} 的代码表中。")
    return Deleted(column, spellings(codes, said))


def parse_absent(raw: Mapping[str, Any] | None, columns: Mapping[str, Column]) -> Absent | None:
    """The words that stand for nothing found and for nothing obtained; with a column, all its spellings of them."""
    if not raw:
        return None
    column = str(raw.get("column") or "")
    codes = columns[column].codes if column in columns else {}
    none, unknown = (spellings(codes, words(raw.get(said))) for said in ("none", "unknown"))
    if (column and column not in columns) or not (none or unknown):
        raise Refused(
            "mapping.absent", "映射文件的 absent 须写 none（查无）或 unknown（未取得）的写法；column 须是契约中的列。"
        )
    if twice := sorted(set(none) & set(unknown)):
        raise Refused("mapping.absent", f"映射文件的 absent 把“{twice[0]}”既当作查无又当作未取得，只能是其一。")
    return Absent(none, unknown, column)


def spellings(codes: Mapping[str, str], said: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a column with all the code list takes for the same, and the standard values themselves."""
    standard = {codes.get(word, word) for word in said}
    spelt = (word for word, value in codes.items() if value in standard)
    return tuple(dict.fromkeys((*said, *spelt, *sorted(standard))))


def parse_by_name(raw: Mapping[str, Any] | None, statements: Mapping[str, str]) -> ByName | None:
    if not raw:
        return None
    by_name = ByName(str(raw.get("name", "")), words(raw.get("second")))
    if by_name.name != statements.get("name") or not by_name.second:
        raise Refused(
            "mapping.by_name",
            "映射文件的 identify_by_name 须写 name（与 statements 的 name 同一列）与 second（至少一个佐证字段）。",
        )
    for said in by_name.second:
        if said not in SECOND_SIGNS or said not in statements:
            raise Refused(
                "mapping.by_name",
                f"映射文件的 identify_by_name 以 {said!r} 佐证，须是 {'、'.join(SECOND_SIGNS)} 之一并写入 statements。",
            )
    return by_name


def check_sensitive(columns: Mapping[str, Column], statements: Mapping[str, str], record: RecordMapping | None) -> None:
    """What is sealed cannot be searched, sorted or compared: it may not name a subject nor a record."""
    open_columns = dict(statements)
    if record:
        open_columns |= {"record.key": record.key, "record.day": record.day, "record.state": record.state}
        if record.person_id and not columns[record.person_id].sensitive:
            raise Refused(
                "mapping.sensitive", f"映射文件的 record.person.id 指向 {record.person_id}，须标 sensitive: id。"
            )
    for said, column in open_columns.items():
        if column and columns[column].sensitive:
            raise Refused("mapping.sensitive", f"映射文件把 {said} 指向敏感列 {column}，敏感列只能写入 record.facts。")


def fitted(
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


def check_kinds(
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
    for column in filter(None, (day, record.day if record else "", record.until if record else "")):
        if column not in columns or columns[column].kind != "day":
            raise Refused("mapping.day", f"映射文件的 day 指向 {column!r}，它须是契约中 kind 为 day 的列。")
