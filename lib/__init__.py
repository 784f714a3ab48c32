"""Small modules without models that import nothing of ours."""
