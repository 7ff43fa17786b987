"""Pages and acts of records."""
