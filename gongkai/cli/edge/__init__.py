"""The edge of the command line: signatures from options, mistakes in words, printing and exit statuses."""
