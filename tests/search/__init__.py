"""The quality of search: `products.csv` is a shop, `queries.csv` what people type and what must be among the first five
(all of the titles between bars). Anybody may add lines to either: docs/finding.md."""
