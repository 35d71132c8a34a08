"""A sample of any model of a register, made from the model itself: its types, limits and choices."""

from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shiheng.registers.definition import Register, choices_of, hint_of, kind_of

FIRST = date(2026, 1, 5)


def facts(register: Register, turn: int) -> dict[str, Any]:
    """The contents of the ``turn``-th entry: what is free differs from turn to turn, what is chosen goes round."""
    return {name: _value(name, info, turn) for name, info in register.facts.model_fields.items()}


def model(register: Register, turn: int) -> BaseModel:
    return register.facts.model_validate(facts(register, turn))


def _value(name: str, info: FieldInfo, turn: int) -> Any:
    offered = list(choices_of(info))
    if _many(info):
        return (
            list(islice(cycle(offered), turn % len(offered), turn % len(offered) + 2)) if offered else [f"第{turn}项"]
        )
    if offered:
        return offered[turn % len(offered)]
    kind = kind_of(info)
    if kind == "day":
        return FIRST + timedelta(days=turn)
    if kind == "flag":
        return bool(turn % 2)
    if kind in {"number", "money"}:
        low, high = _bounds(info)
        return min(low + turn * (100 if kind == "money" else 1), high)
    return _text(name, info, turn)


def _many(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is list or any(get_origin(a) is list for a in get_args(info.annotation))


def _bounds(info: FieldInfo) -> tuple[int, int]:
    limits: dict[str, int] = {}
    for rule in info.metadata:
        limits |= {at: getattr(rule, at) for at in ("ge", "le") if getattr(rule, at, None) is not None}
    return limits.get("ge", 0), limits.get("le", 10**9)


def _text(name: str, info: FieldInfo, turn: int) -> str:
    if any(getattr(rule, "pattern", None) for rule in info.metadata):
        return f"2024-{turn % 12 + 1:02}"
    kind = hint_of(info).get("personal")
    if kind == "phone":
        return f"199{turn:08}"
    most = min((rule.max_length for rule in info.metadata if getattr(rule, "max_length", None)), default=60)
    return f"{info.title}（{turn}）"[-most:]
