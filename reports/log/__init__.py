"""The log's own files: template, conversion, what a sheet was taken for."""
