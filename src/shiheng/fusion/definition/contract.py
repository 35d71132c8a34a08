"""``contract.yaml`` read: the columns and the assertions of an Open Data Contract Standard file. Pure."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from shiheng.fusion.definition.source import ASSERTIONS, KINDS, SENSITIVE, Assertion, Column
from shiheng.kernel.errors import Refused

# Kinds that are personal by what they are; a contract says `sensitive: none` where a number is an office's own.
_PERSONAL = {"phone": "phone", "id_number": "id"}
# The names the standard's library gives to what we assert.
_METRICS = {
    "duplicateValues": "duplicateKey",
    "nullValues": "nullShare",
    "missingValues": "nullShare",
    "invalidValues": "unknownCodeShare",
}
# YAML is read at every start: the loader written in C takes a tenth of the time.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def custom_of(block: Mapping[str, Any]) -> dict[str, Any]:
    """ODCS keeps what is not in the standard as a list of ``{property, value}``."""
    return {p["property"]: p["value"] for p in block.get("customProperties") or ()}


def load(text: str, where: str) -> dict[str, Any]:
    try:
        loaded = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, whichever of the two it is
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f"第 {mark.line + 1} 行" if mark else ""
        raise Refused("contract.unreadable", f"{where} {place}不是有效的 YAML，请检查缩进与引号。") from None
    if not isinstance(loaded, dict):
        raise Refused("contract.unreadable", f"{where} 应是键值结构的 YAML 文件。")
    return loaded


def parse_column(raw: Mapping[str, Any], nulls: tuple[str, ...], where: str) -> Column:
    custom = custom_of(raw)
    name = raw.get("name")
    if not name:
        raise Refused("contract.column", f"{where} 的 schema.properties 中有一列没有 name。")
    kind = custom.get("kind") or {"date": "day"}.get(raw.get("logicalType", "string"), "text")
    if kind not in KINDS:
        raise Refused("contract.kind", f"{where} 列 {name} 的 kind 是 {kind!r}，只能是 {'、'.join(KINDS)}。")
    options = {**custom, **(raw.get("logicalTypeOptions") or {})}
    sensitive = str(custom.get("sensitive") or _PERSONAL.get(kind, ""))
    if sensitive not in {"", "none", *SENSITIVE}:
        raise Refused(
            "contract.sensitive",
            f"{where} 列 {name} 的 sensitive 是 {sensitive!r}，只能是 {'、'.join(SENSITIVE)}，不涉及个人的写 none。",
        )
    pattern, pattern_title = _pattern(custom, options, f"{where} 列 {name}")
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
        sensitive="" if sensitive == "none" else sensitive,
        unique=bool(raw.get("unique") or custom.get("unique", False)),
        pattern=pattern,
        pattern_title=pattern_title,
        minimum=_bound(options, "minimum", "min"),
        maximum=_bound(options, "maximum", "max"),
        repair=bool(custom.get("repair", True)),
    )


def _bound(options: Mapping[str, Any], *names: str) -> float | None:
    found = next((options[n] for n in names if options.get(n) is not None), None)
    return None if found is None else float(found)


def _pattern(custom: Mapping[str, Any], options: Mapping[str, Any], where: str) -> tuple[str, str]:
    """The form a value must have as a whole, and its name for people; ``digits`` is short for so many digits."""
    if digits := custom.get("digits"):
        return rf"[0-9]{{{int(digits)}}}", f"{int(digits)} 位数字"
    pattern = str(options.get("pattern") or "")
    try:
        re.compile(pattern)
    except re.error as problem:
        raise Refused("contract.pattern", f"{where} 的 pattern 不是有效的正则表达式（{problem}）。") from None
    title = str(custom.get("patternTitle") or "")
    if pattern and not title:
        raise Refused("contract.pattern", f"{where} 写了 pattern，还须用 patternTitle 说明应是什么样的写法。")
    return pattern, title


_OPERATORS = {
    "mustBeGreaterOrEqualTo": ("at_least",),
    "mustBeGreaterThan": ("above",),
    "mustBeLessOrEqualTo": ("at_most",),
    "mustBeLessThan": ("below",),
    "mustBe": ("at_least", "at_most"),
}


def _bounds(said: Mapping[str, Any]) -> dict[str, float]:
    scale = 100 if said.get("unit") == "percent" else 1
    bounds: dict[str, float] = {}
    for operator, names in _OPERATORS.items():
        if operator in said:
            bounds |= dict.fromkeys(names, float(said[operator]) / scale)
    if "mustBeBetween" in said:
        low, high = said["mustBeBetween"]
        bounds |= {"at_least": float(low) / scale, "at_most": float(high) / scale}
    for name, bound in (("minShareOfLast", "min_share_of_last"), ("maxShareOfLast", "max_share_of_last")):
        if name in said:
            bounds[bound] = float(said[name])
    return bounds


def _fault(kind: str, column: str, key: tuple[str, ...], value: str, columns: Mapping[str, Column]) -> str:
    """What is wrong with where an assertion points."""
    if kind == "duplicateKey":
        named = bool(key) and all(c in columns for c in key)
        return "" if named else f"的主键列 {'、'.join(key) or '没有写'}，须是契约中的列（arguments.properties）"
    if kind == "rowCount":
        return ""
    if column not in columns:
        return f"指向的列 {column!r} 不在契约中"
    codes = columns[column].codes
    if kind != "nullShare" and not codes:
        return f"指向的列 {column} 没有代码表"
    if kind == "codeShare" and value not in codes.values():
        return f"的 value {value!r} 不是列 {column} 代码表的标准值"
    return ""


def _parse_assertion(raw: Mapping[str, Any], column: str, columns: Mapping[str, Column], where: str) -> Assertion:
    """One entry of the standard's ``quality``; what it has no word for stands in its ``customProperties``."""
    said = str(raw.get("metric") or raw.get("rule") or "")
    kind = _METRICS.get(said, said)
    if kind not in ASSERTIONS:
        raise Refused(
            "contract.quality", f"{where} 的 quality 写了未知的 metric {said!r}，可用：{'、'.join(ASSERTIONS)}。"
        )
    custom = {**custom_of(raw), **(raw.get("arguments") or {})}
    share = kind != "rowCount" if "unit" not in raw else raw["unit"] == "percent"
    bounds = _bounds({**custom, **raw})
    key = tuple(str(c) for c in custom.get("properties") or custom.get("columns") or ())
    key = key or ((column,) if column and kind == "duplicateKey" else ())
    column = str(custom.get("column") or column)
    value = str(custom.get("value", ""))
    if fault := _fault(kind, column, key, value, columns) if bounds else "没有写界限（mustBe…、minShareOfLast）":
        raise Refused("contract.quality", f"{where} 的 quality {said}{fault}。")
    own = column if kind not in {"rowCount", "duplicateKey"} else ""
    return Assertion(kind, own, key if kind == "duplicateKey" else (), value, share, **bounds)


def parse_assertions(table: Mapping[str, Any], columns: Mapping[str, Column], where: str) -> tuple[Assertion, ...]:
    whole = [("", raw) for raw in table.get("quality") or ()]
    whole += [(str(c["name"]), raw) for c in table.get("properties") or () for raw in c.get("quality") or ()]
    return tuple(_parse_assertion(raw, column, columns, where) for column, raw in whole)


def check_columns(columns: tuple[Column, ...], names: set[str], where: str) -> None:
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
