"""One module per payment provider, each a pure translator."""
