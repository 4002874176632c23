"""How output is written: folders, names, workbooks, charts, languages."""
