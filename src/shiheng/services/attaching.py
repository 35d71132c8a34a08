"""Files somebody sends with a letter: kept before anything else is done with them, so many and so large at most."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from shiheng.kernel.errors import Refused
from shiheng.ledger import files
from shiheng.services import actions

MOST_FILES, MOST_BYTES = 5, 20 * 1024 * 1024


def kept(given: Sequence[UploadedFile]) -> list[actions.Attached]:
    """What came with a letter, kept; refused where there is too much of it."""
    if len(given) > MOST_FILES:
        raise Refused("counter.files", _("一次最多附 %(most)s 个文件。") % {"most": MOST_FILES})
    for one in given:
        if (one.size or 0) > MOST_BYTES:
            raise Refused("counter.size", _("“%(name)s”超过 20 MB，请压缩后再附。") % {"name": one.name})
    return [actions.Attached(files.keep(one, sealed=True), str(one.name)) for one in given if one.size]
