"""A demonstration: made-up firms of a made-up park, one account per role, and something to do for each of them."""

from __future__ import annotations

from ayni.portal.demo.accounts import ACCOUNTS, PASSWORD, Account, code_of, seconds_left
from ayni.portal.demo.loading import NotADemonstration, load, load_once

__all__ = ["ACCOUNTS", "PASSWORD", "Account", "NotADemonstration", "code_of", "load", "load_once", "seconds_left"]
