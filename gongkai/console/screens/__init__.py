"""The pages, a module each; none imports another."""
