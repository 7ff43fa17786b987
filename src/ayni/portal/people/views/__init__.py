"""Pages of people: one's own account, organisations, invitations, elevated access."""
