from catalog.models.documents import Document
from catalog.models.goods import (
    Category,
    Picture,
    PriceStep,
    Product,
    ProductQuerySet,
    Variant,
    Word,
    in_language,
    picture_name,
)
from catalog.models.imports import ImportJob, ImportProblem, WantedPicture
from catalog.models.proposals import ApprovalRule, ProductEvent, Proposal

__all__ = [
    "ApprovalRule",
    "Category",
    "Document",
    "ImportJob",
    "ImportProblem",
    "Picture",
    "PriceStep",
    "Product",
    "ProductEvent",
    "ProductQuerySet",
    "Proposal",
    "Variant",
    "WantedPicture",
    "Word",
    "in_language",
    "picture_name",
]
