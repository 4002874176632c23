"""A person's table becomes raw rows: headings, titles, remarks, hidden parts, returned lists."""
