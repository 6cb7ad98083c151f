"""How the ledger came to its present form."""
