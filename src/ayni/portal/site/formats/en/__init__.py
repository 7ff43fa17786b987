"""Formats of numbers and dates."""
