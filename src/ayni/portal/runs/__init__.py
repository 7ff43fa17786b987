"""Runs: jobs as rows that one can read, with heartbeat, lease and attempt."""
