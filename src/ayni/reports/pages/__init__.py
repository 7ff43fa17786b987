"""One module per page: from the parts of a report to blocks, in the words of one language."""
