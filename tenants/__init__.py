"""The shared schema: cooperatives, their domains, and the way into a cooperative's own schema."""
