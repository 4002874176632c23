"""The same rules by others, a program each, in environments of their own."""
