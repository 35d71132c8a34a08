"""All settings of the platform. Nothing here names a bureau: what differs is read from the environment."""

import secrets
from datetime import timedelta
from pathlib import Path

from shiheng.site.settings.env import database, flag, text, whole

HOME = Path(text("SHIHENG_HOME", "var", "数据目录：数据库、文件、数据湖、密钥都在其中")).resolve()
MODE = text("SHIHENG_MODE", "demo", "运行方式：demo（生成辖区、演示账号、可调时钟）或 production")
if MODE not in {"demo", "production"}:
    raise SystemExit(f"设置 SHIHENG_MODE 只能是 demo 或 production，现在是 {MODE!r}。")
DEBUG = flag("SHIHENG_DEBUG", False, "显示调试页面，仅供开发")
ADDRESS = text(
    "SHIHENG_ADDRESS", "", "对外网址，文书上的二维码指向它，如 https://jg.example.gov.cn；留空用访问时的网址"
)
SERVICE_CHANNELS = text(
    "SHIHENG_SERVICE_CHANNELS", "", "电子送达用哪个消息渠道，如 短信=sms,电子邮件=mail；留空就打印信封标签邮寄"
)
CODE_CHANNEL = text(
    "SHIHENG_CODE_CHANNEL",
    "file" if MODE == "demo" else "",
    "公众凭电话查询时用哪个消息渠道发送验证码，如 sms；留空只能凭查询码查询",
)
ALLOWED_HOSTS = text("SHIHENG_HOSTS", "localhost,127.0.0.1,[::1],testserver", "允许的主机名，逗号分隔").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in text("SHIHENG_ORIGINS", "", "可信来源（https://…），逗号分隔").split(",") if o]
BIND = text("SHIHENG_BIND", "127.0.0.1:8000", "网页服务的地址与端口")
PORTAL_BUDGET = whole("SHIHENG_PORTAL_BUDGET", 60, "公众查询：每个网络地址每分钟最多查询的次数")
PUBLISHED = text("SHIHENG_PUBLISHED", "", "独立门户的公开库目录，由 shiheng portal --data 设定；工作平台不用")
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
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "shiheng.ui",
    "shiheng.jobs",
    "shiheng.ledger",
    "shiheng.accounts",
    "shiheng.catalogue",
    "shiheng.subjects",
    "shiheng.registers",
    "shiheng.fusion",
    "shiheng.procedures",
    "shiheng.publication",
    "shiheng.services",
    "shiheng.site",
    # Below our rooms, so that our own templates for their pages are found first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "shiheng.ui.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shiheng.accounts.middleware.WhoMiddleware",
    "shiheng.ui.pages.ProblemMiddleware",
    "shiheng.publication.middleware.QueryMiddleware",
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

# --- signing in -------------------------------------------------------------------------------------------------
PRODUCTION = MODE == "production"
HTTPS = flag("SHIHENG_HTTPS", PRODUCTION, "只经 HTTPS 提供服务（Cookie 只随加密连接发送）；正式环境默认 1")
TRUSTED_PROXIES = whole("SHIHENG_TRUSTED_PROXIES", 0, "前置反向代理的层数；0 表示不采信 X-Forwarded-For")
SECOND_FACTOR_ROLES = frozenset(
    role
    for role in text(
        "SHIHENG_SECOND_FACTOR",
        "administrator,data_officer" if PRODUCTION else "",
        "必须启用动态口令的角色，逗号分隔；正式环境默认 administrator,data_officer",
    ).split(",")
    if role
)
SESSION_IDLE_MINUTES = whole("SHIHENG_SESSION_IDLE_MINUTES", 30, "无操作多少分钟后退出登录")
SESSION_LIFETIME_HOURS = whole("SHIHENG_SESSION_LIFETIME_HOURS", 12, "一次登录最长多少小时")
SESSION_LIMIT = whole("SHIHENG_SESSION_LIMIT", 3, "同一账号同时登录的最多处数；0 表示不限")

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 10 if PRODUCTION else 8}},
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["username", "phone"]}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
]

SESSION_ENGINE = "shiheng.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-shiheng" if HTTPS else "shiheng"
SESSION_COOKIE_AGE = SESSION_LIFETIME_HOURS * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "shiheng.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {"change_password": "shiheng.accounts.forms.ChangePasswordForm"}
# Wrong passwords are counted by axes (by person and address together); what stays here limits the second factor.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/15m/key"}
MFA_ADAPTER = "shiheng.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "shiheng.accounts.forms.AuthenticateForm",
    "reauthenticate": "shiheng.accounts.forms.ReauthenticateFactorForm",
    "activate_totp": "shiheng.accounts.forms.ActivateFactorForm",
}
MFA_TOTP_ISSUER = "市衡"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone may be half a minute off; a code is refused the second time by its time step

AXES_HANDLER = "shiheng.accounts.lockout.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a colleague behind the same address is not locked out
AXES_FAILURE_LIMIT = whole("SHIHENG_LOCK_AFTER", 5, "同一账号在同一地址连续失败几次后锁定")
AXES_COOLOFF_TIME = timedelta(minutes=whole("SHIHENG_LOCK_MINUTES", 15, "锁定多少分钟"))
LOCK_WIDE_HOURS = 1
LOCK_WIDE_ACCOUNT = whole("SHIHENG_LOCK_ACCOUNT_AFTER", 50, "一小时内同一账号（不论地址）失败几次后锁定")
LOCK_WIDE_ADDRESS = whole("SHIHENG_LOCK_ADDRESS_AFTER", 200, "一小时内同一地址（不论账号）失败几次后锁定")
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in the ledger
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address", "code", "csrfmiddlewaretoken"]
AXES_USERNAME_CALLABLE = "shiheng.accounts.lockout.username_at"
AXES_CLIENT_IP_CALLABLE = "shiheng.accounts.lockout.address_for"
AXES_LOCKOUT_CALLABLE = "shiheng.accounts.lockout.locked_page"

# Limits must hold across processes, so the cache they are counted in is the database's.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

TASKS = {"default": {"BACKEND": "shiheng.jobs.tasks.LeaseBackend", "QUEUES": []}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Rooms that are Django apps bring their catalogues themselves.
LOCALE_PATHS = [Path(__file__).resolve().parents[2] / room / "locale" for room in ("kernel", "lines")]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names carry a digest of the content: a browser may keep a file for ever and never shows an old one.
    "staticfiles": {"BACKEND": "shiheng.site.static.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "svg", "woff2", "ico", "map")
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
EVIDENCE_MOST_MB = whole("SHIHENG_EVIDENCE_MOST_MB", 4_096, "一件证据最大多少 MB；更大的须分段收存")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS: list[str] = []
# Nothing from outside and nothing inline: a bureau's network has no internet, and a stored script must not run.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "shiheng.ui.pages.csrf_failed"
