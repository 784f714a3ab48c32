"""Form fields in the look of the shop."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

CLASSES = {
    "textarea": "textarea",
    "select": "select",
    "checkbox": "checkbox rounded-md",
    "file": "file-input",
    "photos": "file-input",
}


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with the class of its kind: `{{ field|control }}`."""
    return field.as_widget(attrs={"class": CLASSES.get(field.widget_type, "input")})
