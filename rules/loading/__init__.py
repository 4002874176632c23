"""A rulebook of YAML files becomes rules that are resolved as of their dates."""
