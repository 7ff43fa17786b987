"""Places: districts, parks, plots and the sites of firms."""
