"""The cooperative's register of members and the roles of its officers."""
