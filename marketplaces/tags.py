"""What a channel said, in templates."""

from django import template

from marketplaces import words

register = template.Library()


@register.filter
def said_again(stored: str) -> str:
    """`{{ listing.last_error|said_again }}`: stored in the source language, shown in the reader's."""
    return words.say_again(stored)
