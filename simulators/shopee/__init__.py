"""A strict stand-in for the Shopee Open Platform (version 2) and a small shop page where a person can buy."""
