"""Rows of a table one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows with their columns as attributes, of whatever type the columns have."""
    yield from frame.itertuples(index=False)
