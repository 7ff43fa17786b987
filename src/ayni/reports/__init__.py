"""One park's results as PDF, XLSX and JSON."""
