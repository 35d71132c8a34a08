"""Reading the environment: every setting is declared with its Chinese title, so the reference can list them all."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    title: str


SETTINGS: dict[str, Setting] = {}


def text(name: str, default: str, title: str) -> str:
    """A text setting, declared and read; ``<NAME>_FILE`` may name a file that holds it (for secrets)."""
    SETTINGS[name] = Setting(name, default, title)
    if held := os.environ.get(f"{name}_FILE"):
        return Path(held).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool, title: str) -> bool:
    """A yes/no setting; anything but 1/0/true/false/yes/no stops the start, loudly."""
    raw = text(name, "1" if default else "0", title).lower()
    if raw in {"1", "true", "yes"}:
        return True
    if raw in {"0", "false", "no", ""}:
        return False
    raise SystemExit(f"设置 {name} 只能是 1 或 0，现在是 {raw!r}。")


def whole(name: str, default: int, title: str) -> int:
    """A whole-number setting."""
    raw = text(name, str(default), title)
    try:
        return int(raw)
    except ValueError:
        raise SystemExit(f"设置 {name} 须是整数，现在是 {raw!r}。") from None


def database(url: str, home: Path, *, synchronous: str) -> dict[str, Any]:
    """Django's database dictionary from ``sqlite:///PATH`` or ``postgresql://user:pass@host:port/name?sslmode=…``."""
    if not url:
        url = f"sqlite:///{home / 'shiheng.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; "
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=2147418112; PRAGMA temp_store=MEMORY;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        # After five executions PostgreSQL may turn to a generic plan and scan where the index would have served.
        options["options"] = "-c plan_cache_mode=force_custom_plan"
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or options.pop("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise SystemExit(f"设置 SHIHENG_DATABASE_URL 须以 sqlite:/// 或 postgresql:// 开头，现在是 {parts.scheme!r}。")
