"""The plan: what runs in every hour, made exactly feasible, and what it costs."""

from ayni.zones.dispatch.account import Account, account
from ayni.zones.dispatch.plan import Plan, frame
from ayni.zones.dispatch.repair import repair

__all__ = ["Account", "Plan", "account", "frame", "repair"]
