"""People: organisations, accounts, roles, invitations, elevated access; who may do what, and why not."""
