"""Reports: pages, spreadsheets and the terminal, all made from the same verdicts."""
