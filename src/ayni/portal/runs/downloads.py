"""A run's file as an answer: to be saved, never shown by the browser itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from ayni.portal.runs.models import RunOutput
from ayni.portal.runs.outputs import safe_type


def attachment(output: RunOutput) -> StreamingHttpResponse:
    """The file, opened when it is sent."""
    disposition = content_disposition_header(as_attachment=True, filename=output.name) or "attachment"
    headers = {
        "Content-Disposition": disposition, "Content-Length": str(output.size), "Cache-Control": "private, no-store",
    }  # fmt: skip
    return StreamingHttpResponse(_parts(output), content_type=safe_type(output.name), headers=headers)


def _parts(output: RunOutput) -> Iterator[bytes]:
    with output.file.open("rb") as content:
        yield from content.chunks()
