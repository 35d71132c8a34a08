"""Which entries are kept by what happens in another room, and are written there alone."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from shiheng.kernel.errors import Refused
from shiheng.ui import slots

HELD, SOURCE = "registers.held", "registers.source"
slots.declare(HELD, "由案卷登记的条目")
slots.declare(SOURCE, "条目的来源")


def held_by_others(numbers: Iterable[int]) -> set[int]:
    """Those of these entries that another room keeps."""
    asked = set(numbers)
    return {one for filling in slots.fillings(HELD) for one in filling.function(None, asked)} if asked else set()


def check_free(numbers: Iterable[int]) -> None:
    """Raises ``Refused`` where another room keeps one of these entries."""
    if held_by_others(numbers):
        raise Refused("entry.held", _("这个条目由案卷登记，请打开案卷办理相应环节，条目随之更新。"))
