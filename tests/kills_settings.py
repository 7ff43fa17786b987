"""The settings of the processes of a drill: those of the portal, with the sample kinds of run, no static manifest."""

from ayni.portal.config.settings import *  # noqa: F403
from ayni.portal.config.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "runs_samples.Samples"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
