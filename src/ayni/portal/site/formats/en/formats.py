"""Numbers and dates in English, for what Django itself writes and reads: 1,234.5."""

from __future__ import annotations

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y H:i"
