"""The keys personal data is sealed under: numbered files beside the signing key, of which the newest is in use.

A row a key counts how often something was sealed under it. A key is destroyed only while that count stands where it
stood before everything was looked through; whoever seals counts in the transaction that writes, so nothing can be
sealed under a key that is gone.
"""

import fcntl
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import F

from shiheng.kernel import clock, masking, sealing
from shiheng.kernel.errors import Conflict, Problem
from shiheng.kernel.sealing import BrokenSealError, DataKey
from shiheng.ledger.models import DataKeyRow

UNREADABLE = "（无法解密）"


class UnreadableError(Problem):
    """What is sealed cannot be read here: a key is lost, or what was sealed was changed. Nothing the asker did."""

    status = 503


def _path(number: int) -> Path:
    return Path(settings.HOME) / "keys" / f"data-{number}.key"


def current() -> DataKey:
    """The key in use; the first is made when it is first needed."""
    number = DataKeyRow.objects.filter(destroyed_at=None).order_by("-number").values_list("number", flat=True).first()
    if number is None:
        if DataKeyRow.objects.exists():
            raise UnreadableError("keys.lost", "数据密钥都已销毁，请执行 shiheng keys rotate 启用新密钥。")
        return make(1)
    return key(number)


def key(number: int) -> DataKey:
    """One key, or a refusal that says what to do about it."""
    held = _path(number)
    try:
        return DataKey(number, _material(held, held.stat().st_mtime_ns))
    except FileNotFoundError:
        raise UnreadableError(
            "keys.lost",
            f"数据密钥 {held.name} 不在数据目录的 keys 中，用它加密的个人信息无法读取；请从备份恢复该文件。",
        ) from None


@lru_cache(maxsize=16)
def _material(held: Path, _changed: int) -> bytes:
    try:
        material = b64decode(held.read_text(encoding="ascii"), validate=True)
    except ValueError:
        material = b""
    if len(material) != sealing.KEY_BYTES:
        raise UnreadableError("keys.wrong", f"数据密钥 {held.name} 的内容不完整，请从备份恢复该文件。")
    return material


def make(number: int) -> DataKey:
    """Write a key; whoever is first wins."""
    held = _path(number)
    held.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = held.with_suffix(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(b64encode(sealing.new_material()))
        handle.flush()
        os.fsync(handle.fileno())
    try:
        held.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
    _sync(held.parent)
    DataKeyRow.objects.get_or_create(number=number, defaults={"since": clock.now()})
    return key(number)


def numbers() -> list[int]:
    """The keys that are not destroyed, oldest first; the last is in use."""
    return list(DataKeyRow.objects.filter(destroyed_at=None).order_by("number").values_list("number", flat=True))


def claim(number: int) -> None:
    """Count that something is sealed under a key, in the transaction that writes it.

    Raises ``Conflict`` when the key has been destroyed meanwhile: seal anew under the one in use.
    """
    if DataKeyRow.objects.filter(number=number, destroyed_at=None).update(uses=F("uses") + 1) != 1:
        raise Conflict("keys.destroyed", f"数据密钥 {number} 已销毁，请用现行密钥重新加密。")


@contextmanager
def all_kept() -> Iterator[None]:
    """While this lasts no key is destroyed: what is copied meanwhile may be sealed under any of them.

    The system lets go of the lock when its holder ends, however it ends.
    """
    with _lock().open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


@contextmanager
def may_destroy() -> Iterator[bool]:
    """Whether a key may be destroyed now; nobody begins to copy them before this ends."""
    with _lock().open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _lock() -> Path:
    held = Path(settings.HOME) / "keys" / ".kept"
    held.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held.touch(mode=0o600)
    return held


def files() -> list[Path]:
    """The files of the keys that are not destroyed: also of one made a moment ago, whose row is on its way."""
    gone = {_path(n) for n in DataKeyRow.objects.exclude(destroyed_at=None).values_list("number", flat=True)}
    return sorted(path for path in _path(0).parent.glob("data-*.key") if path not in gone)


def erase_destroyed() -> None:
    """The files of destroyed keys go after their rows say so; killed in between, they go the next time."""
    for number in DataKeyRow.objects.exclude(destroyed_at=None).values_list("number", flat=True):
        held = _path(number)
        if held.exists():
            with held.open("r+b") as handle:
                handle.write(b"\0" * held.stat().st_size)
                os.fsync(handle.fileno())
            held.unlink()
            _sync(held.parent)


def unsealed(text: str) -> str:
    """A value as it was; text that is not sealed is what it is.

    Raises ``UnreadableError``, in words, for a lost key and for what was changed.
    """
    if (sealed := sealing.parse(text)) is None:
        return text
    try:
        return sealing.unseal(sealed, key(sealed.key))
    except BrokenSealError:
        raise UnreadableError(
            "keys.broken",
            f"这项个人信息无法解密：密文被改动过，或 keys/data-{sealed.key}.key 不是加密时的密钥。"
            "请从备份恢复该密钥，或重新报送这个文件。",
        ) from None


def shown(text: str) -> str:
    """A value as a page shows it: what is sealed is masked, and never breaks the page."""
    if (sealed := sealing.parse(text)) is None:
        return text
    try:
        return masking.mask(unsealed(text), sealed.kind)
    except UnreadableError:
        return UNREADABLE


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
