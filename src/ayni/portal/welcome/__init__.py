"""The front page, the first visit without an account, and what a demonstration shows first."""
