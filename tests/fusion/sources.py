"""Declared sources for tests, spelt short: a contract and a mapping as text, and the register as the lines ship it."""

from pathlib import Path
from typing import Any

import yaml

from shiheng.fusion.definition import Source, parse_source

REGISTER = Path(__file__).parents[2] / "src/shiheng/lines/registration/sources/register"


def register() -> Source:
    """The register's own contract."""
    return parse_source(*((REGISTER / name).read_text(encoding="utf-8") for name in ("contract.yaml", "mapping.yaml")))


def column(name: str, kind: str = "text", title: str = "", **more: Any) -> dict[str, Any]:
    """One column of a contract; ``required`` and ``maxLength`` go where ODCS keeps them, the rest is custom."""
    out: dict[str, Any] = {"name": name, "logicalType": "string"}
    if title:
        out["businessName"] = title
    if "required" in more:
        out["required"] = more.pop("required")
    if "maxLength" in more:
        out["logicalTypeOptions"] = {"maxLength": more.pop("maxLength")}
    custom = {"kind": kind, **more}
    out["customProperties"] = [{"property": k, "value": v} for k, v in custom.items()]
    return out


def contract(*columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A whole contract as the dictionary behind its YAML."""
    custom = more.pop("custom", {"department": "测试科", "nulls": ["N/A"]})
    return {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": "sample",
        "name": "样例",
        "version": "1.0.0",
        "schema": [{"name": "sample", "properties": list(columns)}],
        "customProperties": [{"property": k, "value": v} for k, v in custom.items()],
        **more,
    }


def mapping(**more: Any) -> dict[str, Any]:
    """A mapping that names and identifies by ``code``."""
    return {"identify": ["code"], "statements": {"uscc": "code", "name": "title"}, **more}


CODE = column("code", "uscc", "信用代码")
TITLE = column("title", "name", "名称", required=True)


def text(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def parse(contract_: Any, mapping_: Any) -> Source:
    """Both through their text form, as a bureau's own files go."""
    return parse_source(text(contract_), text(mapping_), where="sample/contract.yaml")


def folder(place: Path, contract_: Any, mapping_: Any) -> Path:
    """Both as a folder on the disk."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "contract.yaml").write_text(text(contract_), encoding="utf-8")
    (place / "mapping.yaml").write_text(text(mapping_), encoding="utf-8")
    return place
