"""A piece of evidence sent in pieces: cut off anywhere, it goes on where the disk says it stopped.

Each piece lies sealed in a file of its own, in its place only when it is whole and synced, so that neither a broken
line nor a killed server leaves half of one. How far an upload is, only the folder says; its row says whose it is and
holds the key, itself sealed under the ring's.
"""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.kernel import clock, sealing
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused
from shiheng.ledger import files, keyring
from shiheng.ledger.files import Kept
from shiheng.procedures import queries
from shiheng.procedures.evidence import content
from shiheng.procedures.models import Upload

PIECE = 4 * 1024**2
KEPT_DAYS = 7
_NONCE = 12
_NAME = re.compile(r"(\d{15})-(\d{8})\.piece")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def most_bytes() -> int:
    """The largest item taken in, as the installation has it."""
    return int(settings.EVIDENCE_MOST_MB) * 1024**2


def folder_of(upload: Upload) -> Path:
    """Where the pieces received so far lie."""
    return Path(settings.HOME) / "uploads" / f"evidence-{upload.code}"


def received(upload: Upload) -> int:
    """How many bytes are here without a gap."""
    if upload.file:
        return upload.size
    return sum(length for _path, _at, length in _pieces(upload))


def _pieces(upload: Upload) -> list[tuple[Path, int, int]]:
    """The pieces that follow each other from the first byte on: place, offset, length."""
    folder = folder_of(upload)
    if not folder.is_dir():
        return []
    found, here = [], 0
    for path in sorted(folder.glob("*.piece")):
        match = _NAME.fullmatch(path.name)
        if match is None or int(match[1]) != here:
            break
        found.append((path, here, int(match[2])))
        here += int(match[2])
    return found


def begin(who: Who, number: int, *, name: str, size: int, fingerprint: str) -> Upload:
    """Open an upload into a file, or the one this person already began of the same file there."""
    found = queries.find(who, number)
    if not who.may(May.HANDLE_FILES, found.scope):
        raise Forbidden("evidence.post", _("您的岗位不能向这个案卷收存证据。"))
    if size < 1:
        raise Refused("upload.empty", _("这个文件是空的，没有内容可以收存。"), field="file")
    if size > most_bytes():
        told = _("文件超过 %(most)s MB，超过了本单位收存证据的上限。请分段后再传，或请管理员调整上限。")
        raise Refused("upload.size", told % {"most": settings.EVIDENCE_MOST_MB}, field="file")
    mine = Upload.objects.filter(proceeding=found, owner=who.key, fingerprint=fingerprint[:300])
    if (held := mine.first()) is not None:
        if held.size == size:
            return held
        drop(held)
    key = keyring.current()
    secret = sealing.seal(b64encode(secrets.token_bytes(32)).decode(), key, "secret")
    try:
        with transaction.atomic():
            keyring.claim(key.number)
            return Upload.objects.create(
                code=uuid4(), proceeding=found, owner=who.key, fingerprint=fingerprint[:300], name=name[-255:],
                size=size, facts={"secret": secret}, begun_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:  # the same file was begun in another window a moment ago
        return mine.get()


def find(who: Who, number: int, upload: UUID | str) -> Upload:
    """One's own upload into a file one may see, or ``Missing``."""
    found = queries.find(who, number)
    try:
        held = Upload.objects.filter(code=UUID(str(upload)), owner=who.key, proceeding=found).first()
    except ValueError:
        held = None
    if held is None:
        raise Missing("upload.unknown", _("没有这个上传，或它已过期。请重新选择文件。"))
    return held


def mine(who: Who, number: int) -> list[tuple[Upload, int]]:
    """What this person began here and has not finished, with how much of it is here in percent."""
    rows = Upload.objects.filter(proceeding=number, owner=who.key, file="").order_by("begun_at")
    return [(row, 100 * received(row) // row.size) for row in rows]


@contextmanager
def _alone(upload: Upload) -> Iterator[None]:
    """One writer of an upload at a time; the system lets go of the lock when its holder ends, however it ends."""
    folder = folder_of(upload)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def append(upload: Upload, *, offset: int, piece: bytes) -> int:
    """Take the piece that begins at ``offset``; gives how many bytes are here now.

    Raises ``Conflict`` with the true ``offset`` when the piece does not begin where what is here ends.
    """
    if not piece or len(piece) > PIECE or offset + len(piece) > upload.size:
        raise Refused("upload.piece", _("这一段超出了文件的大小，请重新选择文件。"))
    with _alone(upload):
        here = received(upload)
        if here != offset:
            told = _("已收到 %(here)s 字节，请从那里接着传。") % {"here": here}
            raise Conflict("upload.offset", told, offset=here)
        folder, nonce = folder_of(upload), secrets.token_bytes(_NONCE)
        part = folder / f"{offset:015}.part"
        with part.open("wb") as handle:
            handle.write(nonce + _cipher(upload).encrypt(nonce, piece, _context(offset)))
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(folder / f"{offset:015}-{len(piece):08}.piece")
        _sync(folder)
    return offset + len(piece)


def _cipher(upload: Upload) -> AESGCM:
    return AESGCM(b64decode(keyring.unsealed(upload.facts["secret"])))


def _context(offset: int) -> bytes:
    return f"piece:{offset}".encode()


def _opened(upload: Upload) -> Iterator[bytes]:
    cipher = _cipher(upload)
    for path, offset, _length in _pieces(upload):
        held = path.read_bytes()
        try:
            yield cipher.decrypt(held[:_NONCE], held[_NONCE:], _context(offset))
        except InvalidTag:
            drop(upload)
            raise Refused(
                "upload.broken", _("已收到的部分在磁盘上损坏，已经清除。请重新上传。"), field="file"
            ) from None


def whole(upload: Upload, *, sha256: str = "") -> Kept:
    """Keep what was sent, hashed as it is taken in, when every byte is here and it is what the sender says it is.

    ``sha256`` is what the sender computed; without it only this hash is known. Raises ``Refused`` for another hash,
    and for a name that promises another kind of content. Saying it again gives the same.
    """
    with _alone(upload):
        upload.refresh_from_db()
        if upload.file:
            return Kept(upload.file, upload.size)
        here = received(upload)
        if here != upload.size:
            told = _("文件还没有传完：共 %(size)s 字节，已收到 %(here)s 字节。") % {"size": upload.size, "here": here}
            raise Refused("upload.unfinished", told, field="file")
        if sha256 and not _SHA256.fullmatch(sha256):
            raise Refused("upload.hash", _("浏览器给出的摘要不是 SHA-256，请刷新页面后重试。"), field="file")
        check_kind(upload.name, next(_opened(upload))[: content.HEAD])
        with files.writing(sealed=True) as writer:
            digest = hashlib.sha256()
            for piece in _opened(upload):
                digest.update(piece)
                writer.write(piece)
            if sha256 and digest.hexdigest() != sha256:
                drop(upload)
                told = _("收到的内容与浏览器计算的摘要不一致，传输中有改动，收到的部分已清除。请重新上传。")
                raise Refused("upload.hash", told, field="file")
        assert writer.kept is not None
        Upload.objects.filter(pk=upload.pk).update(file=writer.kept.sha256)
        for path, _offset, _length in _pieces(upload):
            path.unlink(missing_ok=True)
        return writer.kept


def check_kind(name: str, head: bytes) -> content.Kind:
    """The kind of a file by its first bytes. Raises ``Refused`` where its name promises another."""
    kind = content.of_bytes(head)
    if (said := content.promised(name, kind)) is not None:
        told = _("文件名说是%(said)s，内容却是%(found)s。请找到真正的文件，或改成相符的扩展名后再传。")
        raise Refused("evidence.kind", told % {"said": _(said.title), "found": _(kind.title)}, field="file")
    return kind


def take(source: files.Readable, *, name: str, size: int) -> Kept:
    """Keep a file that came in one piece with the form, under the same rules."""
    if size < 1:
        raise Refused("upload.empty", _("这个文件是空的，没有内容可以收存。"), field="file")
    if size > most_bytes():
        told = _("文件超过 %(most)s MB，超过了本单位收存证据的上限。请分段后再传，或请管理员调整上限。")
        raise Refused("upload.size", told % {"most": settings.EVIDENCE_MOST_MB}, field="file")
    head = source.read(content.HEAD)
    check_kind(name, head)
    with files.writing(sealed=True) as writer:
        writer.write(head)
        while piece := source.read(files.CHUNK):
            writer.write(piece)
    assert writer.kept is not None
    return writer.kept


def drop(upload: Upload) -> None:
    """Forget an upload and its pieces; what became of it stays."""
    Upload.objects.filter(pk=upload.pk).delete()
    shutil.rmtree(folder_of(upload), ignore_errors=True)


def sweep() -> int:
    """Forget what was begun a week ago; gives how many."""
    old = list(Upload.objects.filter(begun_at__lt=clock.now() - timedelta(days=KEPT_DAYS)))
    for upload in old:
        drop(upload)
    return len(old)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
