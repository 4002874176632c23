"""Work outside of pages: accounts in bulk, backup, services, the demo."""
