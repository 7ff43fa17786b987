"""The portal's settings under test: a folder of its own per process, quick passwords, no static manifest."""

import os
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="ayni-test-"))
os.environ["AYNI_DATA"] = str(FOLDER)
os.environ.setdefault("AYNI_SECRET_KEY", "only for tests")

from ayni.portal.config.settings import *  # noqa: E402, F403
from ayni.portal.config.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ALLOWED_HOSTS = ["*"]
