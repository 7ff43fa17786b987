"""Every operation, asked with what fits its document and with what does not, as each role.

No answer is a fault of the server, every answer has the form that the document promises, and what does not fit is
refused. Each request is sent on an untouched world, as nobody in particular and as three personas in turn. Half of
them name objects of the own side, so that more is met than 404. ``AYNI_SOAK=1`` draws 200 requests per operation
instead of 20 and sends each as every persona.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api_entries import ENTRIES
from api_samples import asks_as, operations
from ayni.portal.api.mounting import api
from portal_samples import PERSONAS, World

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip
SOAK = "AYNI_SOAK" in os.environ
EXAMPLES = 200 if SOAK else 20
KNOWN_PERSONAS = PERSONAS[1:]
AT_A_TIME = len(KNOWN_PERSONAS) if SOAK else 3
pytestmark = [pytest.mark.usefixtures("without_limits", "kept_connection"), *([pytest.mark.soak] if SOAK else [])]


CHECKS_OF_OWN = [check for check in CHECKS if check is not negative_data_rejection]
"""For requests whose wrong path was replaced by a right one."""


def served() -> Any:
    """The portal as a web server calls it; an answer that is a file is read to its end and closed."""
    portal = get_wsgi_application()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        answer = portal(environ, start_response)
        content = b"".join(answer)
        answer.close()
        return [content]

    return application


@functools.cache
def document() -> Any:
    """The API as schemathesis knows it, asked in this process."""
    schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
    schema.app = served()
    return schema


def own(name: str, world: World) -> dict[str, str]:
    """What fills the path of the operation with objects of the own side."""
    entry = ENTRIES.get(name)
    return {key: str(value) for key, value in entry.kwargs(world).items()} if entry else {}


def requests_for(operation: Any) -> st.SearchStrategy[Any]:
    """Requests that fit the document, and some that do not where one can."""
    return st.sampled_from(GenerationMode).flatmap(lambda mode: operation.as_strategy(generation_mode=mode))


def ask(case: Any, headers: Mapping[str, str], checks: list[Any]) -> None:
    """Sends one request and leaves the world as it was."""
    with transaction.atomic():
        case.call_and_validate(headers=dict(headers), checks=checks)
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", operations())
def test_no_request_breaks_an_operation(world: World, name: str) -> None:
    operation = document().find_operation_by_id(name)
    headers = {persona: asks_as(world, persona) for persona in PERSONAS}
    known = own(name, world)

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=requests_for(operation), is_own=st.booleans(), turn=st.sampled_from(range(len(KNOWN_PERSONAS))))
    def drill(case: Any, is_own: bool, turn: int) -> None:
        if is_own:
            case.path_parameters = {**case.path_parameters, **known}
        checks = CHECKS_OF_OWN if is_own else CHECKS
        for persona in ("anonymous", *(KNOWN_PERSONAS * 2)[turn : turn + AT_A_TIME]):
            ask(case, headers[persona], checks)

    drill()
