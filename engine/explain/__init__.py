"""The derivation of one verdict, step by step."""
