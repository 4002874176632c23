"""What people read: pages, spreadsheets and the terminal, all made from the same verdicts."""
