"""What is wrong with a rulebook that loads: quotes, numbers, rules that nothing can reach."""
