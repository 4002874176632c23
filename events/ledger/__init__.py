"""The ledger: an append-only store of events in one folder, each entry with the hash of the one before."""
