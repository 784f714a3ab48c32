"""What a listing says, as one value: typed by a member, read from a file, compared with what is on sale, and written to
the shelf by catalog/writing.py."""

from catalog.content.checking import Problem, problems
from catalog.content.comparing import Difference, differences, merged
from catalog.content.reading import as_json, content_of, from_json, of
from catalog.content.shape import Choice, Content, Shown, Step

__all__ = [
    "Choice",
    "Content",
    "Difference",
    "Problem",
    "Shown",
    "Step",
    "as_json",
    "content_of",
    "differences",
    "from_json",
    "merged",
    "of",
    "problems",
]
