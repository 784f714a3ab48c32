"""Double-entry books of one cooperative."""
