"""Icons are written into templates when these are loaded: as components they would be a tenth of a page's work."""

import re

from django.templatetags.static import static
from django_cotton.cotton_loader import Loader as CottonLoader  # type: ignore[import-untyped]

_ICON = re.compile(r'<c-icon((?:\s+(?:name|class)="[^"<>]*")+)\s*/>')
_ATTRIBUTE = re.compile(r'(name|class)="([^"<>]*)"')


class Loader(CottonLoader):
    """django-cotton's, which sees no `<c-icon>` whose attributes are plain text or template variables."""

    def _get_template_string(self, template_name: str) -> str:
        text: str = super()._get_template_string(template_name)
        return draw(text) if "<c-icon" in text else text


def draw(text: str) -> str:
    """`<c-icon name="house" class="mt-1" />` -> the element that templates/cotton/icon.html makes of it."""
    return _ICON.sub(_element, text)


def _element(found: re.Match[str]) -> str:
    said = dict(_ATTRIBUTE.findall(found[1]))
    if "name" not in said:
        return found[0]
    classes = said.get("class", "")
    return f'<svg class="icon {classes}" aria-hidden="true"><use href="{static("icons.svg")}#{said["name"]}"/></svg>\n'
