"""Work of the county office: runs, assessments, objections, rectification, notices, settings."""
