"""What is owed: the rule language, its loader and the rulebooks."""
