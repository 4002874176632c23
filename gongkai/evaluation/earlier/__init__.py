"""Earlier runs that a run is held against: scores, trend, rectification, backfill, and building on one."""
