"""证明材料: what somebody brings as proof, kept sealed: of a kind any office can open, and not too large."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from shiheng.kernel.errors import Refused
from shiheng.ledger import files
from shiheng.ledger.files import Kept

KINDS = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".zip")
MOST_BYTES = 20 * 1024 * 1024


def keep(upload: UploadedFile | None, *, field: str = "evidence") -> Kept | None:
    """Keep what was brought, if anything; on the disk before any row speaks of it.

    Raises ``Refused``, naming the ``field`` of the form, for another kind of file and for one over ``MOST_BYTES``.
    """
    if upload is None:
        return None
    if not (upload.name or "").lower().endswith(KINDS):
        raise Refused("evidence.kind", _("证明材料请用 PDF、图片、DOCX、XLSX 或 ZIP 文件。"), field=field)
    if (upload.size or 0) > MOST_BYTES:
        raise Refused("evidence.size", _("证明材料超过 20 MB，请压缩后再传。"), field=field)
    return files.keep(upload, sealed=True)
