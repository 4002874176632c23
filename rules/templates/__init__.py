"""The commonest duties as templates: each a rule with places to fill in, and cases for what is filled in."""
