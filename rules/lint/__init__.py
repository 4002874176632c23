"""The linter of a rulebook that loads: quotes, numbers, rules that nothing can reach."""
