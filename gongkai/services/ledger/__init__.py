"""The ledger: importing, recording, verifying, exporting."""
