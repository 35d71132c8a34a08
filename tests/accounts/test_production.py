"""In production the same settings are strict without anybody asking."""

import json
import os
import subprocess
import sys
from pathlib import Path

ASK = """
import json
from shiheng.site import settings as s
print(json.dumps({
    "secure": [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0],
    "cookie": s.SESSION_COOKIE_NAME,
    "factor": sorted(s.SECOND_FACTOR_ROLES),
    "length": s.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"],
    "hasher": s.PASSWORD_HASHERS[0].rsplit(".", 1)[1],
    "proxies": s.TRUSTED_PROXIES,
}))
"""


def settings_of(home: Path, **more: str) -> dict[str, object]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("SHIHENG_")}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**env, "SHIHENG_HOME": str(home), **more},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return dict(json.loads(done.stdout))


def test_production_is_strict(tmp_path: Path) -> None:
    assert settings_of(tmp_path, SHIHENG_MODE="production") == {
        "secure": [True, True, True, True],
        "cookie": "__Host-shiheng",
        "factor": ["administrator", "data_officer"],
        "length": 10,
        "hasher": "ScryptPasswordHasher",
        "proxies": 0,
    }


def test_a_demonstration_runs_without_tls_but_hashes_as_slowly(tmp_path: Path) -> None:
    held = settings_of(tmp_path)
    assert held["secure"] == [False, False, False, False]
    assert held["hasher"] == "ScryptPasswordHasher"
    assert held["factor"] == []
