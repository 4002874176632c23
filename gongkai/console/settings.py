"""The settings of Django, made from the data folder of the process."""

from __future__ import annotations

from typing import Any

from gongkai.console.folder import chosen

_folder = chosen()
_behind = None if _folder is None else _folder.behind
_secure = bool(_behind and _behind.startswith("https://"))
_host = _behind.split("://", 1)[1].rstrip("/") if _behind else None

SECRET_KEY = "not chosen yet" if _folder is None else _folder.secret
DEBUG = False
ALLOWED_HOSTS = [_host.rsplit(":", 1)[0], "127.0.0.1", "localhost"] if _host else ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [_behind] if _behind else []
ROOT_URLCONF = "gongkai.console.urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "gongkai.console.apps.ConsoleConfig",
    "gongkai.console.mail.apps.MailConfig",
]
MIDDLEWARE = [
    "gongkai.console.web.security.SecurityMiddleware",
    "gongkai.console.web.errors.ErrorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongkai.console.web.sessions.IdleMiddleware",
    "gongkai.console.web.sessions.VocabularyMiddleware",
    "gongkai.console.web.sessions.SignedInMiddleware",
    "gongkai.console.web.auditing.AuditMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "gongkai.console.web.templates.environment"},
    }
]
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"} if _folder is None else _folder.database()
}
AUTH_USER_MODEL = "console.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["gongkai.console.web.passwords.LaneArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_NAME = "__Host-session" if _secure else "gongkai-session"
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "gongkai-csrf"
CSRF_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gongkai.console.web.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 24 << 20  # all that a request may bring: what is too large is then told, not lost
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = False
TIME_ZONE = "Asia/Shanghai"
APPEND_SLASH = False
LOGGING_CONFIG = None
