"""Single values sealed under a numbered key, so that a disk tells nothing and equal values stay equal. Pure.

A sealed value is text, ``密1:<key>:<kind>:<Base64>``: which key opens it and what is personal in it stand in the open,
so that it can be masked, and sealed anew, without knowing where it came from. AES-SIV (RFC 5297) needs no nonce: one
value under one key is always the same text, and one changed character of it opens nothing.
"""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES = 64
WRAPPED_EXTRA = 16
# What every sealed value begins with; the number of its key follows.
MARK = "密1:"
_SEALED = re.compile(rf"{MARK}([0-9]{{1,9}}):([a-z]{{1,16}}):([A-Za-z0-9_-]{{22,}}={{0,2}})")


class BrokenSealError(Exception):
    """What is sealed was changed, or was sealed under another key of that number."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key under its number."""

    number: int
    material: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value taken apart: which key it needs, what is personal in it, and its sealed bytes."""

    key: int
    kind: str
    data: bytes


@lru_cache(maxsize=16)
def _cipher(material: bytes) -> AESSIV:
    return AESSIV(material)


def new_material() -> bytes:
    """Fresh bytes for a key."""
    return AESSIV.generate_key(KEY_BYTES * 8)


def seal(value: str, key: DataKey, kind: str) -> str:
    """The value as sealed text; nothing stays nothing."""
    if not value:
        return value
    data = wrap(value.encode("utf-8", "surrogatepass"), key, kind.encode())
    return f"{MARK}{key.number}:{kind}:{urlsafe_b64encode(data).decode()}"


def parse(text: str) -> Sealed | None:
    """A sealed value taken apart; None when the text is no sealed value."""
    if not text.startswith(MARK) or not (found := _SEALED.fullmatch(text)):
        return None
    try:
        return Sealed(int(found[1]), found[2], urlsafe_b64decode(found[3]))
    except binascii.Error:
        return None


def unseal(sealed: Sealed, key: DataKey) -> str:
    """The value itself. Raises ``BrokenSealError``."""
    if key.number != sealed.key:
        raise BrokenSealError
    try:
        return unwrap(sealed.data, key, sealed.kind.encode()).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise BrokenSealError from None


def wrap(data: bytes, key: DataKey, context: bytes) -> bytes:
    """Bytes sealed for one context: sixteen more than there were."""
    return _cipher(key.material).encrypt(data, [context])


def unwrap(data: bytes, key: DataKey, context: bytes) -> bytes:
    """What was wrapped. Raises ``BrokenSealError``."""
    try:
        return _cipher(key.material).decrypt(data, [context])
    except InvalidTag:
        raise BrokenSealError from None
