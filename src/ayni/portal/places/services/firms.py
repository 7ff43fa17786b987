"""What only a firm itself does: publish its name, and let its park read its records."""

from __future__ import annotations

from django.db import transaction

from ayni.portal.people.actor import Actor
from ayni.portal.people.models import Organisation
from ayni.portal.places.models import Site
from ayni.portal.places.permissions import may_publish_firm, may_share_site
from ayni.portal.places.services.keeping import keep


@transaction.atomic
def publish_firm(actor: Actor, organisation: Organisation, *, is_public: bool) -> None:
    """Name, branch and place of the firm are seen by everybody, or no longer. Raises Forbidden."""
    may_publish_firm(actor, organisation.pk).require()
    kept = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if kept.is_public != is_public:
        kept.is_public = is_public
        keep(kept, actor)


@transaction.atomic
def share_site(actor: Actor, site: Site, *, is_shared: bool) -> None:
    """The park's operator and consultants read the site's records, or no longer. Raises Forbidden."""
    may_share_site(actor, site).require()
    kept = Site.objects.select_for_update().get(pk=site.pk)
    if kept.is_shared_with_park != is_shared:
        kept.is_shared_with_park = is_shared
        keep(kept, actor)
