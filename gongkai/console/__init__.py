"""The console: a web server on which the units of a county log, review and see what they owe."""
