"""The instruments we know of: those that ship with the platform, and those lines and third parties declare."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from shiheng.catalogue.law.definition import INSTRUMENTS, Instrument, KnownEdition
from shiheng.kernel import registry
from shiheng.kernel.citation import Number, canonical, read_token


@cache
def shipped() -> tuple[Instrument, ...]:
    """What stands in ``instruments.toml``."""
    text = (files("shiheng.catalogue") / "law" / "instruments.toml").read_text("utf-8")
    return tuple(_instrument(about) for about in tomllib.loads(text)["instrument"])


def declare_shipped() -> None:
    """Put the shipped instruments into the registry, beside those of lines and third parties."""
    for instrument in shipped():
        registry.declare(INSTRUMENTS, instrument)


def declared() -> dict[str, Instrument]:
    """Every declared instrument by its name without the state's."""
    return {instrument.key: instrument for instrument in registry.all_of(INSTRUMENTS)}


def of(title: str) -> Instrument | None:
    """The declared instrument of a title, however it is written."""
    return declared().get(canonical(title))


def _instrument(about: dict[str, Any]) -> Instrument:
    editions = tuple(_edition(edition) for edition in about.get("edition", ()))
    return Instrument(about["code"], about["title"], about["level"], about["issuer"], editions)


def _edition(about: dict[str, Any]) -> KnownEdition:
    held = {key: value for key, value in about.items() if key not in {"articles", "mark"}}
    mark = about.get("mark")
    return KnownEdition(
        **held,
        mark=(_number(mark[0]), mark[1]) if mark else None,
        summaries={_number(token): words for token, words in about.get("articles", {}).items()},
    )


def _number(token: str) -> Number:
    number = read_token(token)
    if number is None:
        raise ValueError(f"{token!r} numbers no article")
    return number
