"""A run over the Parquet of many counties."""
