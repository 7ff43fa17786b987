"""One park: the workbook, the way through, Results."""
