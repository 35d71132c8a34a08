"""Invented people who call, work or own; nothing of theirs can be anybody's: no such region, no such numbers."""

import zlib
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from random import Random

from shiheng.city import persons
from shiheng.city.draw import between, pick
from shiheng.city.lives.model import Life
from shiheng.city.places import districts, towns

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who complains: name, sex, phone, identity number, and roughly where they live."""

    name: str
    sex: str
    phone: str
    number: str
    home: str


def phone(rng: Random) -> str:
    """A mobile number of the 142 segment, which no operator has."""
    return f"142{between(rng, 0, 99_999_999):08d}"


def id_number(rng: Random, *, region: str, female: bool) -> str:
    """An identity number of a division that does not exist (4499xx); its check character is right."""
    serial = between(rng, 0, 499) * 2 + (0 if female else 1)
    body = f"{region}{between(rng, 1950, 2006)}{between(rng, 1, 12):02d}{between(rng, 1, 28):02d}{serial:03d}"
    return body + _CHECKS[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def number_of(key: str) -> str:
    """The identity number of a person known by a key: always the same, wherever the person does business."""
    noise = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")
    noise, region = divmod(noise, 100)
    born = f"{1955 + noise % 50}{1 + noise // 50 % 12:02d}{1 + noise // 600 % 28:02d}"
    body = f"4499{region:02d}{born}{noise // 16_800 % 1000:03d}"
    return body + _CHECKS[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def representative(life: Life, day: date) -> dict[str, str]:
    """The natural person who answers for a business on a day: the name and the identity number files give."""
    said = life.said(day)
    return {"name": said["rep"], "number": number_of(said["rep_key"])}


def phone_of(key: str) -> str:
    """The mobile number of a person known by a key."""
    return f"142{zlib.crc32(b'phone ' + key.encode()) % 100_000_000:08d}"


def caller(rng: Random) -> Caller:
    female = rng.random() < 0.52
    name = persons.person(rng, "").name
    region = pick(rng, districts()).code
    town = pick(rng, towns())
    return Caller(
        name,
        "女" if female else "男",
        phone(rng),
        id_number(rng, region=region, female=female),
        f"{town.district.name}{town.name}",
    )
