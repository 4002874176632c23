"""Raw rows become events, row by row or column by column, and the whole log is checked."""
