"""Bytes of a file become cells or rows: CSV, XLSX, JSON lines, Parquet, CloudEvents."""
