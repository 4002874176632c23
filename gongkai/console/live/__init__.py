"""Live verdicts: the snapshot that pages read, and the thread that judges."""
