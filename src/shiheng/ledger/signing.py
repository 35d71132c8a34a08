"""The signing key: made once, kept beside the data, read by nobody else. Losing it stops sealing rather than
quietly starting over with another.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from shiheng.kernel.errors import Refused
from shiheng.ledger.notes import Checkpoint, fingerprint, sign


class Signer:
    """A private key at hand, and what the world may know of it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.fingerprint = fingerprint(self.public)

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note of a head."""
        return sign(checkpoint, self.public, self._private.sign)


def path() -> Path:
    """Where the key is."""
    return Path(settings.HOME) / "keys" / "ledger.pem"


def signer(*, may_make: bool) -> Signer:
    """The key in use; made now if there is none yet and ``may_make`` (nothing was ever signed with another)."""
    held = path()
    if not held.exists():
        if not may_make:
            raise Refused(
                "ledger.key_lost",
                f"存证签名密钥不见了：{held.name} 不在数据目录的 keys 中，而此前的树头是用它签署的。"
                "请从备份恢复该文件；确实无法恢复时，由管理员运行 shiheng ledger rekey 启用新密钥。",
            )
        make()
    return _load(held, held.stat().st_mtime_ns)


def make(*, replace: bool = False) -> None:
    """Write a fresh key; whoever is first wins, unless the old one is to be replaced (it is kept beside, dated)."""
    held = path()
    held.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = held.with_suffix(f".{secrets.token_hex(8)}")
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(pem)
        handle.flush()
        os.fsync(handle.fileno())
    try:
        if replace:
            if held.exists():
                held.rename(held.with_suffix(f".old-{secrets.token_hex(4)}.pem"))
            fresh.rename(held)
        else:
            held.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


@lru_cache(maxsize=4)
def _load(held: Path, _changed: int) -> Signer:
    private = serialization.load_pem_private_key(held.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise Refused("ledger.key_wrong", f"存证签名密钥 {held.name} 不是 Ed25519 私钥，请从备份恢复。")
    return Signer(private)
