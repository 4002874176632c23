"""The doors: the command line and the small public API."""
