"""The contents of an entry between form, file, database and page: checked by the register's model, kept as JSON."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from shiheng.catalogue import choices
from shiheng.kernel import registry, sealing
from shiheng.kernel.errors import Missing, Refused
from shiheng.ledger import keyring
from shiheng.registers.definition import ENGINE, Register, choices_of, hint_of, kind_of
from shiheng.ui import formats
from shiheng.ui.wording import in_words, say

TEXT_MOST = 200


class Typed(Protocol):
    """Whatever has contents of a declared model: a register, or a step of a procedure."""

    @property
    def title(self) -> str: ...
    @property
    def facts(self) -> type[BaseModel]: ...
    @property
    def titles(self) -> dict[str, str]: ...
    @property
    def personal(self) -> dict[str, str]: ...
    @property
    def public_facts(self) -> tuple[str, ...]: ...


def register_of(code: str, *, on: date) -> Register:
    """The register in force on a day. Raises ``Missing``."""
    found: Register = registry.find(ENGINE, code, on=on)
    return found


def version_of(code: str, since: date) -> Register:
    """The very version an entry was written under."""
    found: Register = registry.version(ENGINE, code, since)
    return found


def all_on(day: date) -> tuple[Register, ...]:
    """Every register in force on a day."""
    return registry.all_of(ENGINE, on=day)


def kept(register: Typed, given: BaseModel) -> dict[str, Any]:
    """Checked contents as they are stored: JSON values, nothing for what is empty, what is personal sealed."""
    found = {name: value for name, value in given.model_dump(mode="json").items() if value not in (None, "", [])}
    for name, kind in register.personal.items():
        if name in found:
            found[name] = sealing.seal(str(found[name]), keyring.current(), kind)
    return found


def opened(register: Typed, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Stored contents as they were given, for changing them; never for a page by itself."""
    held = dict(facts)
    for name in register.personal:
        if isinstance(held.get(name), str):
            held[name] = keyring.unsealed(held[name])
    return held


def masked(register: Register, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Stored contents as a form shows them: what is personal masked."""
    held = dict(facts)
    for name in register.personal:
        if isinstance(held.get(name), str):
            held[name] = keyring.shown(held[name])
    return held


def claim_keys(*held: Mapping[str, Any]) -> None:
    """Count, in the transaction that writes them, under which keys these contents are sealed.

    Raises ``Conflict`` when one of them has been destroyed meanwhile.
    """
    texts = (value for values in held for value in values.values() if isinstance(value, str))
    for number in sorted({found.key for text in texts if (found := sealing.parse(text))}):
        keyring.claim(number)


def same(one: Any, other: Any) -> bool:
    """Whether two stored values say the same; one may be sealed under an earlier key than the other."""
    if one == other or not (isinstance(one, str) and isinstance(other, str)):
        return bool(one == other)
    if not (sealing.parse(one) and sealing.parse(other)):
        return False
    try:
        return keyring.unsealed(one) == keyring.unsealed(other)
    except keyring.UnreadableError:
        return False


def checked(register: Typed, raw: Mapping[str, Any]) -> BaseModel:
    """Contents through the register's model. Raises ``Refused`` with a sentence for the first fault, by its field."""
    unknown = set(raw) - set(register.facts.model_fields)
    if unknown:
        raise Refused("entry.fields", "“" + register.title + "”没有这些内容项：" + "、".join(sorted(unknown)) + "。")
    _check_taken(register, raw)
    try:
        return register.facts.model_validate(raw)
    except ValidationError as fault:
        problem = fault.errors(include_url=False)[0]
        name = str(problem["loc"][0]) if problem["loc"] else ""
        title = register.titles.get(name, register.title)
        raise Refused("entry.facts", f"{say(title)}：{in_words(dict(problem))}。", field=name) from None


def _check_taken(register: Typed, raw: Mapping[str, Any]) -> None:
    """Codes taken from the catalogue are codes it has."""
    for name, info in register.facts.model_fields.items():
        source, held = str(hint_of(info).get("taken_from") or ""), raw.get(name)
        known = set(choices.offered(source)) if source and held else set()
        if known and set(held if isinstance(held, list) else [str(held)]) - known:
            title = str(say(register.titles.get(name, name)))
            raise Refused("entry.facts", _("%(title)s：清单里没有这一项，请重新选择。") % {"title": title}, field=name)


def choices_in(facts: type[BaseModel], told: Mapping[str, Any] | None = None) -> dict[str, list[tuple[str, str]]]:
    """What a form offers for facts whose codes the catalogue holds; ``told`` is what is known so far."""
    named = {name: str(hint_of(info).get("taken_from") or "") for name, info in facts.model_fields.items()}
    return {name: list(choices.offered(source, told=told).items()) for name, source in named.items() if source}


def indexed_values(
    register: Register, facts: Mapping[str, Any]
) -> Iterator[tuple[str, str, Decimal | None, date | None]]:
    """(field, text, number, day) for each indexed fact that says anything."""
    for name, info in register.indexed.items():
        value = facts.get(name)
        if value is None:
            continue
        kind = kind_of(info)
        number = Decimal(str(value)) if kind in {"number", "money"} else None
        day = date.fromisoformat(value) if kind == "day" else None
        for text in value if isinstance(value, list) else [value]:
            yield name, ("1" if text else "0") if kind == "flag" else str(text)[:TEXT_MOST], number, day
            break  # a fact of many values is found by its first


def day_of(facts: Mapping[str, Any], name: str) -> date | None:
    """A fact that is a day."""
    held = facts.get(name) if name else None
    return date.fromisoformat(held) if isinstance(held, str) else None


def shown(info: FieldInfo, value: Any) -> str:
    """One stored fact in words: a code its title, money in yuan, several in one line, what is sealed masked."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return "、".join(shown(info, one) for one in value)
    if isinstance(value, bool):
        return str(say("是" if value else "否"))
    source = str(hint_of(info).get("taken_from") or "")
    offered = choices.offered(source) if source else choices_of(info)
    if str(value) in offered:
        return str(say(offered[str(value)]))
    if hint_of(info).get("widget") == "money" and isinstance(value, int):
        return formats.money_text(value)
    return (
        keyring.shown(value)
        if isinstance(value, str)
        else f"{value:,}"
        if isinstance(value, int | float)
        else str(value)
    )


def lines_of(register: Typed, facts: Mapping[str, Any], *, public: bool = False) -> list[tuple[str, str]]:
    """Title and words of each fact, in the order declared; what an earlier version said besides comes after."""
    fields = register.facts.model_fields
    names = [name for name in fields if not public or name in register.public_facts]
    found = [(str(say(fields[name].title or name)), shown(fields[name], facts.get(name))) for name in names]
    if not public:
        found += [(name, str(value)) for name, value in facts.items() if name not in fields]
    return found


def named(code: str, *, on: date) -> Register:
    """A register by its address. Raises ``Missing`` in words for pages."""
    try:
        return register_of(code, on=on)
    except Missing:
        raise Missing("register.unknown", "没有这个名录。请从名录总览中选择。") from None
