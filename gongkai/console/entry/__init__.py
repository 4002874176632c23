"""Entry: from a draft through review into the ledger, nothing lost and nothing twice."""
