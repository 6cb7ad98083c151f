"""Pictures of the demonstration, drawn for it."""
