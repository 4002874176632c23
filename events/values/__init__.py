"""One value as its type: attributes, dates, text, look-alike names."""
