"""Between the server and the pages: security, sessions, errors, templates."""
