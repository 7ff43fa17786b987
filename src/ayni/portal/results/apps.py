"""The app's name, and the kind of run that it brings."""

from __future__ import annotations

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """See the package."""

    name = "ayni.portal.results"
    label = "results"

    def ready(self) -> None:
        """Offer the main job to the runs."""
        from ayni.portal.results import permissions
        from ayni.portal.results.accepted import KIND
        from ayni.portal.results.addresses import result_url
        from ayni.portal.results.handler import handle
        from ayni.portal.runs.kinds import Kind, register

        register(
            Kind(
                KIND, handle, may_read=permissions.may_read, readable=permissions.readable,
                may_start=permissions.may_start_run, may_read_contents=permissions.may_read_in_full,
                result_url=result_url,
            )
        )  # fmt: skip
