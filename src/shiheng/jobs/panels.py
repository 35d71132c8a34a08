"""What this room puts into the desk's menu."""

from typing import Any

from shiheng.jobs import queries
from shiheng.jobs.models import FAILED
from shiheng.ui import slots
from shiheng.ui.slots import MenuItem


def menu(who: Any, key: Any) -> list[MenuItem]:  # noqa: ARG001 - the slot's shape
    # The power by its name: the enum stands in a room above this one.
    return [MenuItem("管理", "作业", "jobs", 70, count=lambda _who: queries.counts()[FAILED], power="jobs.read")]


slots.fill("menu.items", "jobs", "作业", menu, order=85)
