"""Commands of the server's own terminal."""
