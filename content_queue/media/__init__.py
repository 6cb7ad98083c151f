"""Pictures by the hash of their bytes: what was approved is what is sent."""
