"""Keeping listings, stock and orders in step with other channels."""
