"""Data with no logic: factors, calendar, frameworks, texts, the example park."""
