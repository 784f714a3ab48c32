"""Cross-app tests and what all tests stand on."""
