"""Settings, the root of the addresses, and the door for a web server."""
