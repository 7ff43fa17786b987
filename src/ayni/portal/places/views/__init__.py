"""Pages, files and acts."""
