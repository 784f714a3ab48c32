"""Attempts to pay, what providers tell us, and settling them."""
