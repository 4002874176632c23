"""What the county office does: runs, assessments, objections, rectification, notices, settings."""
