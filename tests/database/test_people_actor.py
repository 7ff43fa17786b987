"""Who may read whose records, by role."""

import pytest

from access import RECORD_READERS
from ayni.portal.places.permissions import may_read_site_records, readable_sites
from portal_samples import PERSONAS, World


@pytest.mark.parametrize("persona", PERSONAS)
def test_records_of_a_site_are_read_by_those_named_only(world: World, persona: str) -> None:
    actor = world.actor(persona)
    answer = may_read_site_records(actor, world.site)
    assert bool(answer) == (persona in RECORD_READERS)
    assert answer.allowed == readable_sites(actor).filter(pk=world.site.pk).exists()
    assert answer.allowed or answer.reason
