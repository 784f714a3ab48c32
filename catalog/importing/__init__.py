"""Sellers' files become products (docs/importing.md).

jobs       what a person begins on a page, and what goes on in turns
at_once    a file on this machine's disk
spooling   the file once through: its rows, product by product
judging    a product's rows: what is wanted, and what is wrong with them
matching   beside what the shop has: new, changed, unchanged
applying   looked at, or written
fetching   pictures
"""

from catalog.importing.at_once import Problem, Report, import_file
from catalog.importing.matching import Categories
from catalog.naming import free_slug

__all__ = ["Categories", "Problem", "Report", "free_slug", "import_file"]
