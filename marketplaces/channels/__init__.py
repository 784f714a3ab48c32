"""One package per marketplace, each a pure translator."""
