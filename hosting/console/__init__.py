"""The operator console: what there is and how it is doing, nothing of what is inside a cooperative."""
