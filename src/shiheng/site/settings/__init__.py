"""All settings of the platform. Nothing here names a bureau: what differs is read from the environment."""

import secrets
from pathlib import Path

from shiheng.site.settings.env import database, flag, text, whole

HOME = Path(text("SHIHENG_HOME", "var", "数据目录：数据库、文件、数据湖、密钥都在其中")).resolve()
MODE = text("SHIHENG_MODE", "demo", "运行方式：demo（生成辖区、演示账号、可调时钟）或 production")
if MODE not in {"demo", "production"}:
    raise SystemExit(f"设置 SHIHENG_MODE 只能是 demo 或 production，现在是 {MODE!r}。")
DEBUG = flag("SHIHENG_DEBUG", False, "显示调试页面，仅供开发")
ALLOWED_HOSTS = text("SHIHENG_HOSTS", "localhost,127.0.0.1,[::1],testserver", "允许的主机名，逗号分隔").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in text("SHIHENG_ORIGINS", "", "可信来源（https://…），逗号分隔").split(",") if o]
BIND = text("SHIHENG_BIND", "127.0.0.1:8000", "网页服务的地址与端口")
WORKERS = whole("SHIHENG_WORKERS", 1, "网页服务的进程数")
SOURCES_DIRS = [
    Path(p) for p in text("SHIHENG_SOURCES", "", "本单位自有数据源声明所在的目录，冒号分隔").split(":") if p
]


def _secret() -> str:
    """The signing secret: from the environment, or made once and kept with the data."""
    given = text("SHIHENG_SECRET_KEY", "", "签名密钥；留空则首次启动时生成并存于数据目录")
    if given:
        return given
    held = HOME / "keys" / "secret"
    if not held.exists():
        held.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = held.with_suffix(f".{secrets.token_hex(4)}")
        fresh.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        fresh.chmod(0o600)
        try:
            held.hardlink_to(fresh)  # whoever is first wins; a second process reads the first one's key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return held.read_text(encoding="utf-8")


SECRET_KEY = _secret()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "shiheng.ui",
    "shiheng.jobs",
    "shiheng.ledger",
    "shiheng.accounts",
    "shiheng.catalogue",
    "shiheng.subjects",
    "shiheng.fusion",
    "shiheng.publication",
    "shiheng.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shiheng.accounts.middleware.WhoMiddleware",
    "shiheng.ui.pages.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shiheng.site.urls"
WSGI_APPLICATION = "shiheng.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "shiheng.site.menus.context",
            ],
        },
    },
]

DATABASES = {
    "default": database(
        text("SHIHENG_DATABASE_URL", "", "数据库；留空用数据目录中的 SQLite，正式环境用 postgresql://…"),
        HOME,
        synchronous=text("SHIHENG_SQLITE_SYNCHRONOUS", "FULL", "SQLite 的落盘方式：FULL 断电不丢，NORMAL 较快"),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"

TASKS = {"default": {"BACKEND": "shiheng.jobs.tasks.LeaseBackend", "QUEUES": []}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS: list[str] = []
