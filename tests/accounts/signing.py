"""What sign-in tests share: a browser at an address, and a phone that computes codes."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from django.test import Client

from tests.cast import PASSWORD

SIGN_IN = "/sign-in/"


def browser(address: str = "10.0.0.1", **extra: Any) -> Client:
    return Client(REMOTE_ADDR=address, **extra)


def try_sign_in(client: Client, username: str, password: str = PASSWORD, **fields: str) -> Any:
    return client.post(SIGN_IN, {"login": username, "password": password, **fields})


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def phone_code(secret: str, *, steps: int = 0) -> str:
    """RFC 6238 by hand, so that the test shares nothing with the code it tests."""
    counter = int(time.time()) // 30 + steps
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
