"""The only writer of stock."""
