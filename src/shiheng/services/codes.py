"""Query codes and codes sent by telephone: told once, kept as keyed digests, given up after a few wrong tries."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
TRIES, LOCKED = 5, timedelta(minutes=15)
VALID = timedelta(minutes=10)


def query_code(key: UUID) -> str:
    """The code of a letter sent under that key: the same again for the same key, told by nothing that is kept."""
    made = salted_hmac("shiheng.services.code", str(key), algorithm="sha256").digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in made[:LENGTH])


def sent_code() -> str:
    """Six digits for one telephone message."""
    return f"{secrets.randbelow(1_000_000):06}"


def digest(text: str) -> str:
    """What is kept of a code or a number."""
    plain = "".join(text.split()).replace("-", "").upper()
    return salted_hmac("shiheng.services", plain, algorithm="sha256").hexdigest() if plain else ""


def same(kept: str, given: str) -> bool:
    return bool(kept) and constant_time_compare(kept, digest(given))
