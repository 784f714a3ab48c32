"""Users, one table per cooperative; the same table in the public schema holds operators only."""
