"""What happened: the event model, its vocabulary, the readers and the ledger."""
