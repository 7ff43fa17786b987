"""One ledger of resource flows: flows, balance, reconciliation, footprint, cost."""
