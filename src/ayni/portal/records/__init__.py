"""Records: what firms and parks hand in, version by version, and the indicators that accepted rows give."""
