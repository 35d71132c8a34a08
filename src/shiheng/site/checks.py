"""What is wrong with how the house is put together, told at start and by ``shiheng doctor``."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's own name

from shiheng.catalogue import soundness
from shiheng.ui import slots


@register(Tags.urls)
def slots_are_shown(**_: Any) -> list[CheckMessage]:
    """A slot somebody fills and no page shows is a spelling fault.

    Pages declare their slots as they are imported, and checks come in no order: the addresses are read first.
    """
    import_module(settings.ROOT_URLCONF)
    return [Error(f"插槽 {name!r} 有内容，但没有页面声明它。", id="shiheng.E001") for name in slots.undeclared()]


@register()
def declarations_hold_together(**_: Any) -> list[CheckMessage]:
    """Lines name each other by code; a name nobody declared is told here."""
    return [Error(f"目录声明有误：{fault}。", id="shiheng.E003") for fault in soundness.faults()]


@register(Tags.security, deploy=True)
def production_is_closed(**_: Any) -> list[CheckMessage]:
    """What a demonstration may do and a bureau may not."""
    found: list[CheckMessage] = []
    if settings.MODE == "production":
        if settings.DEBUG:
            found.append(Error("正式环境不得打开 SHIHENG_DEBUG。", id="shiheng.E002"))
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            found.append(
                Warning("正式环境建议使用 PostgreSQL。", hint="设置 SHIHENG_DATABASE_URL。", id="shiheng.W001")
            )
    return found
