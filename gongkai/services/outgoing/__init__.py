"""Papers that go out of a county from a run: who gets a notice, circulars, a version to publish."""
