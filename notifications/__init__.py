"""One row per message to a person, sent once."""
