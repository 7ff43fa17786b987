"""The best network of exchanges between firms."""
