"""Many counties in batches: what one county owes never depends on another, so that each batch is judged by itself."""
