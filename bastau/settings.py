"""One settings file. Every setting comes from the environment; each default works on one machine.

BASTAU_MODE is `demo` (default), `test` or `live`. Only demo and test may move the clock, trust the demo
authority and sign in as a persona; `live` demands SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL and REDIS_URL.
"""

import os
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from bastau import embedded

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("BASTAU_VAR") or ROOT / "var")

BASTAU_MODE = os.environ.get("BASTAU_MODE", "demo")
if BASTAU_MODE not in {"demo", "test", "live"}:
    raise ImproperlyConfigured("BASTAU_MODE is demo, test or live.")
LIVE = BASTAU_MODE == "live"


def _needed(name: str, default: str) -> str:
    value = os.environ.get(name)
    if value:
        return value
    if LIVE:
        raise ImproperlyConfigured(f"In live mode {name} must be set in the environment.")
    return default


SECRET_KEY = _needed("SECRET_KEY", "demo-and-test-only-" + "0" * 50)
DEBUG = False
ALLOWED_HOSTS = _needed("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
SITE_URL = _needed("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

DATABASE_URL = _needed("DATABASE_URL", "") or embedded.database_url()
REDIS_URL = _needed("REDIS_URL", "") or embedded.redis_url()
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

INSTALLED_APPS = [
    "bastau",
    "bastau.law",
    "bastau.workdays",
    "bastau.people",
    "bastau.flow",
    "bastau.papers",
    "bastau.notices",
    "bastau.gateways",
    "bastau.portal",
    "bastau.workplace.apps.WorkplaceConfig",
    "referrals",
    "training",
    "grants",
    "monitoring",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bastau.middleware.ClockMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bastau.people.middleware.StaffSessionMiddleware",
]

ROOT_URLCONF = "bastau.urls"
WSGI_APPLICATION = "bastau.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "bastau.portal.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "bastau.portal.templatetags.bastau_ui",
            ],
        },
    },
]

# --- people
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "after_sign_in"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "bastau.people.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
MFA_ADAPTER = "bastau.people.adapter.StaffMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Bastau"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_NAME = "bastau_session"
STAFF_IDLE_SECONDS = 30 * 60

# --- languages
LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "bastau_language"
# The second holds what Django's and allauth's own catalogues lack in Kazakh.
LOCALE_PATHS = [ROOT / "locale", ROOT / "locale" / "upstream"]
FORMAT_MODULE_PATH = ["bastau.portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGE_URL = os.environ.get("BASTAU_STORAGE_URL", "")
_kept: dict = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": STORAGE_URL,
            "bucket_name": os.environ.get("BASTAU_STORAGE_BUCKET", "bastau"),
            "access_key": os.environ.get("BASTAU_STORAGE_KEY", ""),
            "secret_key": os.environ.get("BASTAU_STORAGE_SECRET", ""),
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
    if STORAGE_URL
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "kept"}}
)
STORAGES = {
    "default": _kept,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
UPLOAD_MAX_BYTES = int(os.environ.get("BASTAU_UPLOAD_MAX_BYTES", str(10 * 1024 * 1024)))

# --- notices
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if LIVE else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "bastau@example.kz")

# --- other state systems: outside live mode, all of them are the local simulators
SIMULATORS_URL = os.environ.get("SIMULATORS_URL", "http://127.0.0.1:8071").rstrip("/")
PERSON_REGISTRY_URL = _needed("PERSON_REGISTRY_URL", f"{SIMULATORS_URL}/person_registry")
LABOUR_MARKET_URL = _needed("LABOUR_MARKET_URL", f"{SIMULATORS_URL}/labour_market")
TAX_REGISTRY_URL = _needed("TAX_REGISTRY_URL", f"{SIMULATORS_URL}/tax_registry")
BANK_URL = _needed("BANK_URL", f"{SIMULATORS_URL}/bank")
SMS_URL = _needed("SMS_URL", f"{SIMULATORS_URL}/sms")
GATEWAY_TIMEOUT_SECONDS = float(os.environ.get("GATEWAY_TIMEOUT_SECONDS", "5"))

# --- signatures: in live mode a folder with the roots of the national authority; else the demo authority
SIGNATURE_ROOTS = os.environ.get("SIGNATURE_ROOTS", "")
# The key of the system's own seal on certificates (PKCS #12) in live mode; without it they are not sealed.
SEAL_KEY = os.environ.get("SEAL_KEY", "")
SEAL_PASSWORD = os.environ.get("SEAL_PASSWORD", "")

# --- Celery
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker outlives its broker: it looks for it as long as it takes, and hands back what it could not acknowledge.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A demo's clock jumps, so its sweeps look often; the law's own terms end at full minutes.
_SWEEP = float(os.environ.get("BASTAU_SWEEP_SECONDS", "60" if LIVE else "5"))
CELERY_BEAT_SCHEDULE = {
    "sweep deadlines": {"task": "bastau.flow.tasks.sweep", "schedule": _SWEEP},
    "deliver notices": {"task": "bastau.notices.tasks.deliver_due", "schedule": _SWEEP},
    "staff's digest": {"task": "bastau.notices.tasks.staff_digest", "schedule": crontab(minute="*/5")},
    "send to other systems": {"task": "bastau.gateways.tasks.send_due", "schedule": _SWEEP},
    "render papers": {"task": "bastau.papers.tasks.render_due", "schedule": _SWEEP},
    "referrals' day": {"task": "referrals.tasks.sweep", "schedule": _SWEEP},
    "tests and plans": {"task": "training.tasks.sweep_course", "schedule": _SWEEP},
    "lists and groups": {"task": "training.tasks.sweep_groups", "schedule": _SWEEP},
    "enrolments": {"task": "training.tasks.follow_enrolments", "schedule": _SWEEP},
    "quarterly reports": {"task": "monitoring.tasks.sweep_reports", "schedule": _SWEEP},
    "accompaniment and enquiries": {"task": "monitoring.tasks.sweep_accompaniment", "schedule": _SWEEP},
    "forget expired sessions": {"task": "bastau.people.tasks.forget", "schedule": crontab(hour=2, minute=0)},
}

# --- safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LIVE
SECURE_SSL_REDIRECT = LIVE
SECURE_HSTS_SECONDS = 31_536_000 if LIVE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = LIVE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("BEHIND_PROXY") == "1" else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO" if LIVE else "WARNING")},
}
