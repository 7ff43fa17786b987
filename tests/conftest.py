"""Fixtures of the portal's tests."""

from __future__ import annotations

import pytest

from portal_samples import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """Two parks, their firms, every persona."""
    return make_world()
