"""Measurements as ratios: two ways of doing the same, side by side in one run. Absolute times say more about the
machine than about the code."""
