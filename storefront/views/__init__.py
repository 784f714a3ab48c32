"""The pages of a shop. Each view parses, makes one domain call, and answers."""
