"""The ledger: the only SQL of the house."""
