"""What `loa init` lays into a new home."""
