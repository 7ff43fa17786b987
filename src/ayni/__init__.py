"""Ayni: one ledger of resource flows, and the engines that read it."""

__version__ = "0.1.0"
