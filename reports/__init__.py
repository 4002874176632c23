"""What people read: summaries, tables and pages."""
