"""The one settings file. What differs between machines is in the environment; `.env.example` lists it."""

from pathlib import Path

import dj_database_url
import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from kombu.entity import Queue

from fundportal.environment import BASE_DIR, VAR_DIR, env, flag, mail, words

django_stubs_ext.monkeypatch()

DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
SECURE = flag("SECURE", default=not (DEBUG or DEMO))  # served over https
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000").rstrip("/")  # begins the links in letters
CONTACT_EMAIL = env("CONTACT_EMAIL", "fondportalen@example.org")

INSTALLED_APPS = [
    *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"),
    *("whitenoise.runserver_nostatic", "django.contrib.staticfiles", "django.forms"),
    *("guardian", "csp", "template_partials"),
    *("fundportal", "applications", "reviews", "repayment"),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fundportal.kept.KeepingLoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "fundportal.urls"
WSGI_APPLICATION = "fundportal.wsgi.application"
FORM_RENDERER = "fundportal.forms.FondRenderer"
CONTEXT = [
    *("django.template.context_processors.request", "django.contrib.auth.context_processors.auth"),
    *("django.contrib.messages.context_processors.messages", "fundportal.views.face.face"),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT},
    },
]

DATABASES = {"default": dj_database_url.parse(env("DATABASE_URL"), conn_max_age=60, conn_health_checks=True)}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASE_APP_ROLE = env("DATABASE_APP_ROLE", DATABASES["default"].get("USER"))  # runs; `prepare` grants it its rights
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "fondportalen",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    },
}

AUTH_USER_MODEL = "fundportal.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "start", "login"
ANONYMOUS_USER_NAME = None  # guardian: no row for strangers
GUARDIAN_RAISE_403 = False
# guardian.W001: its backend is left out on purpose; grants are read in one query per request, never by has_perm.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"  # people stay logged in though Redis is gone
SESSION_COOKIE_AGE = int(env("SESSION_SECONDS", str(8 * 60 * 60)))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fundportal.views.pages.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
FROM_SELF = {name: [SELF] for name in ("script-src", "style-src", "font-src", "connect-src", "form-action")}
FROM_NOWHERE = {name: [NONE] for name in ("default-src", "base-uri", "frame-ancestors")}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**FROM_NOWHERE, **FROM_SELF, "img-src": [SELF, "data:"]}}

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_TZ = USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN if DEBUG else "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "files"  # never served by address: downloads go through a view
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # files are counted by themselves
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

globals().update(mail(env("EMAIL_URL", "")))
EMAIL_TIMEOUT = 20
CLAMD_URL = env("CLAMD_URL", "")  # tcp://host:3310 or unix:///path; without it files are told as not checked
OLD_PAPERS = int(env("OLD_PAPERS", "20"))  # so many that nobody waits for are printed each minute
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "Fondportalen <fondportalen@example.org>")

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "queue_order_strategy": "sorted",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
# Someone waits for a preview, or a paper that is asked for: each worker takes the queues in order of name, this first.
CELERY_TASK_ROUTES = {"fundportal.tasks.print_preview": {"queue": "at_once"}}
CELERY_TASK_QUEUES = [Queue("at_once"), Queue("celery")]
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 300, 240
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# In code, not in a table: a changed schedule is a reviewed change. Each sweep is harmless however often it runs.
CELERY_BEAT_SCHEDULE = {
    "tell_untold": {"task": "fundportal.tasks.tell_untold", "schedule": 60.0, "options": {"expires": 50}},
    "print_unprinted": {"task": "fundportal.tasks.print_unprinted", "schedule": 60.0, "options": {"expires": 50}},
    "check_unchecked": {"task": "fundportal.tasks.check_unchecked", "schedule": 60.0, "options": {"expires": 50}},
    "sweep": {"task": "fundportal.tasks.sweep", "schedule": crontab(hour="3", minute="15")},
    "run_unfinished": {"task": "fundportal.tasks.run_unfinished", "schedule": 60.0, "options": {"expires": 50}},
    "book_vouchers": {"task": "applications.tasks.book_vouchers", "schedule": 60.0, "options": {"expires": 50}},
    "prove_funds": {"task": "fundportal.tasks.prove_funds", "schedule": crontab(hour="2", minute="20")},
    "remind": {"task": "fundportal.tasks.remind", "schedule": crontab(hour="6", minute="0")},
    "remind_again": {"task": "fundportal.tasks.remind", "schedule": crontab(minute="30"), "options": {"expires": 3000}},
}

CONSOLE = {"console": {"class": "logging.StreamHandler"}}
ROOT = {"handlers": ["console"], "level": env("LOG_LEVEL", "WARNING")}
QUIET = {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "PIL")}  # each PDF is many lines otherwise
LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": CONSOLE, "root": ROOT, "loggers": QUIET}
