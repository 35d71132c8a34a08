"""The one spelling of a login name. Pure, so that lockout, import and sign-in agree on it."""

import re
import unicodedata

_ALLOWED = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


def plain_username(text: str) -> str:
    """Half-width, lower case, no spaces: ``ＺＨＡＮＧ `` is ``zhang``."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def username_fault(text: str) -> str | None:
    """Why a login name cannot be used, in Chinese; ``None`` when it can."""
    if _ALLOWED.fullmatch(text):
        return None
    return "登录名须为 2 至 64 位小写字母、数字或 . _ @ -，且以字母或数字开头"
