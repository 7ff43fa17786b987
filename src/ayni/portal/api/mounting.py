"""The API with the routers of the apps."""

from __future__ import annotations

from ayni.portal.api.authentication import NeededToken
from ayni.portal.api.errors import add_handlers
from ayni.portal.api.own import router as own_router
from ayni.portal.api.surface import Surface
from ayni.portal.dashboards.api import router as dashboards_router
from ayni.portal.people.api import router as people_router
from ayni.portal.places.api import router as places_router
from ayni.portal.records.api import router as records_router
from ayni.portal.results.api import router as results_router
from ayni.portal.runs.api import router as runs_router

DESCRIPTION = """\
The figures and records of the platform, with the same rights as its pages.

What is public needs no token. Everything else needs `Authorization: Bearer ayni_…`; a person makes a token on the page
`/api/claves/`, with scopes and an end. Refusals hold findings with a stable `code`; their messages follow
`Accept-Language` (es, en). Lists take `format=csv`."""

api = Surface(title="Ayni", version="1", description=DESCRIPTION, urls_namespace="api-v1", docs_url=None)
add_handlers(api)
api.add_router("", own_router, auth=NeededToken())
api.add_router("/people", people_router, auth=NeededToken())
api.add_router("/places", places_router)
api.add_router("/runs", runs_router, auth=NeededToken())
api.add_router("/records", records_router, auth=NeededToken())
api.add_router("/results", results_router, auth=NeededToken())
api.add_router("/dashboards", dashboards_router)
