"""The portal: where firms, parks and the ministry keep their figures. Django apps in one order, see docs/portal.md."""
