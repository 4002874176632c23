"""From a request to verdicts and a folder."""
