"""What is sold: categories, products, variants, pictures."""
