"""The settings of tests, and of tools that read code: the throwaway services of this machine.

Importing this starts nothing: `tests/conftest.py` starts the services, and only for tests that use them.
"""

import os

from fundportal.stack.throwaway import HOME, Throwaway

SERVICES = Throwaway()
OURS = {**SERVICES.environment(f"test_{os.getpid()}"), "DEMO": "", "DEBUG": "", "SECURE": "0", "EMAIL_URL": ""}
THEIRS = {name: os.environ.get(name) for name in OURS}
os.environ.update(OURS)

from fundportal.settings import *  # noqa: E402,F403 -- it reads the environment just set

for _name, _value in THEIRS.items():  # what a test starts shall not inherit ours
    os.environ.pop(_name)
    if _value is not None:
        os.environ[_name] = _value

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: no test is about its strength
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_AUTOREFRESH = True  # nothing is collected before tests
MEDIA_ROOT = HOME / "files" / str(os.getpid())
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
