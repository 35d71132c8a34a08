"""A file sent piece by piece: cut off anywhere, it goes on where the disk says it stopped.

The part file is the only truth about how far an upload is; its row says whose it is. Two senders of one upload cannot
interleave: a piece is taken only at the very end of what is there, under the file's own lock.
"""

import fcntl
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shiheng.accounts.permissions import May, Who
from shiheng.fusion.models import Upload
from shiheng.kernel import clock
from shiheng.kernel.errors import Conflict, Forbidden, Missing, Refused

LARGEST = 20 * 1024**3
PIECE = 4 * 1024**2
KEPT_DAYS = 7


def part_of(upload: Upload) -> Path:
    """Where the pieces received so far lie."""
    return Path(settings.HOME) / "uploads" / f"{upload.pk}.part"


def received(upload: Upload) -> int:
    """How many bytes are here."""
    path = part_of(upload)
    return path.stat().st_size if path.exists() else 0


def begin(who: Who, *, name: str, size: int, fingerprint: str) -> Upload:
    """Open an upload, or the one this person already began of the same file."""
    if not who.may(May.LAND_FILES):
        raise Forbidden("sources.land", _("您的岗位没有报送数据文件的权限。"))
    if not 0 < size <= LARGEST:
        raise Refused("upload.size", _("文件是空的，或超过 20 GB；请分成几个文件报送。"))
    given = {"name": name[-255:], "size": size, "begun_at": clock.now(), "id": uuid4()}
    found = Upload.objects.filter(owner=who.key, fingerprint=fingerprint[:300]).first()
    if found is not None and found.size == size:
        return found
    try:
        with transaction.atomic():
            if found is not None:
                _drop(found)
            return Upload.objects.create(owner=who.key, fingerprint=fingerprint[:300], **given)
    except IntegrityError:
        return Upload.objects.get(owner=who.key, fingerprint=fingerprint[:300])


def find(who: Who, number: UUID | str) -> Upload:
    """One's own upload, or ``Missing``."""
    try:
        found = Upload.objects.filter(pk=UUID(str(number)), owner=who.key).first()
    except ValueError:
        found = None
    if found is None:
        raise Missing("upload.unknown", _("没有这个上传，或它已过期。请重新选择文件报送。"))
    return found


def append(upload: Upload, *, offset: int, piece: bytes) -> int:
    """Take the piece that begins at ``offset``; gives how many bytes are here now.

    Raises ``Conflict`` with the true ``offset`` when the piece does not begin where the file ends.
    """
    if len(piece) > PIECE or offset + len(piece) > upload.size:
        raise Refused("upload.piece", _("这一段超出了文件的大小，请重新选择文件报送。"))
    path = part_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        here = os.fstat(handle.fileno()).st_size
        if here != offset:
            told = _("已收到 %(here)s 字节，请从那里接着传。") % {"here": here}
            raise Conflict("upload.offset", told, offset=here)
        handle.write(piece)
        handle.flush()
        os.fsync(handle.fileno())
    return offset + len(piece)


def whole(upload: Upload) -> Path:
    """The file, when every byte of it is here."""
    here = received(upload)
    if here != upload.size:
        told = _("文件还没有传完：共 %(size)s 字节，已收到 %(here)s 字节。") % {"size": upload.size, "here": here}
        raise Refused("upload.unfinished", told, field="file")
    return part_of(upload)


def finish(upload: Upload) -> None:
    """The file has become a batch; its pieces may go."""
    _drop(upload)


def sweep() -> int:
    """Forget what was begun a week ago and never finished; gives how many."""
    old = list(Upload.objects.filter(begun_at__lt=clock.now() - timedelta(days=KEPT_DAYS)))
    for upload in old:
        _drop(upload)
    return len(old)


def _drop(upload: Upload) -> None:
    path = part_of(upload)
    Upload.objects.filter(pk=upload.pk).delete()
    path.unlink(missing_ok=True)
