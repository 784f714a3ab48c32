"""One module per area. A view parses, makes one domain call, and answers."""
