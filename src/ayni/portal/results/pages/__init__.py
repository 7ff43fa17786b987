"""What the pages of results show: figures in words, from a run's document, as far as they are open to the reader."""
