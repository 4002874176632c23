"""A run and its folder: evaluation, sources, kept inputs, earlier runs."""
