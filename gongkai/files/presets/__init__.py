"""The presets of an evaluation that come with the product."""
