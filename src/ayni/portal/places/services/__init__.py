"""Every write to a place: permission, change, history."""

from ayni.portal.places.services.firms import publish_firm, share_site
from ayni.portal.places.services.loading import load_programme
from ayni.portal.places.services.parks import ParkValues, change_park, create_park, remove_plot, save_plot
from ayni.portal.places.services.sites import SiteValues, change_site, create_site

__all__ = [
    "ParkValues", "SiteValues", "change_park", "change_site", "create_park", "create_site", "load_programme",
    "publish_firm", "remove_plot", "save_plot", "share_site",
]  # fmt: skip
