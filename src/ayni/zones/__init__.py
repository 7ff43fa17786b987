"""The least-cost energy supply of a zone, with its proof."""
