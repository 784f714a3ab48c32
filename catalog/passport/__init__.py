"""The legal passport of products (ADR 0025): the documents of a product and of who makes it, what of them a category
demands, what of them the shelf shows, and what happens on the day after the last one that is valid.

    numbers    what the number of each kind looks like
    papers     a document is handed in, looked at, taken back
    standing   `Product.lacks` and `Product.marks` follow from documents and categories
    watching   every midnight of the cooperative: warnings, and what ends today
    letters    what people are told
"""
