"""Dashboards of firm, park, region and country, and the results of the main job; every figure opens."""
