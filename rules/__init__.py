"""Rules: the rule language, its loader and the rulebooks."""
