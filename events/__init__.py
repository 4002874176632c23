"""Events: the model, its vocabulary, the readers and the ledger."""
