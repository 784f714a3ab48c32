"""Officers' texts in templates."""

from django import template
from django.utils.safestring import SafeString

from pages import markup as marking

register = template.Library()


@register.filter
def markup(text: str) -> SafeString:
    """`{{ block.text|markup }}`: paragraphs, headings, lists; whatever looks like HTML is text."""
    return marking.as_html(str(text))
