"""One module per kind of chart: pure functions from a table to an SVG text."""
