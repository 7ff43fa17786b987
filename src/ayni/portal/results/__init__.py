"""Results: the main job run on the accepted records of a park, its pages, files and explanations."""
