"""The pages of the county office, and what units see of its work."""
