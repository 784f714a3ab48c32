"""A name in an address, made from the name of a cooperative."""

from django.utils.text import slugify

from tenants import provisioning

KINDS = {"koperasi", "kop", "ksp", "kspps", "ksu", "kud", "kopkar", "primkop", "produsen", "konsumen", "serba", "usaha"}
LONGEST = 40


def slug_for(name: str) -> str:
    """`Koperasi Kopi Gayo` -> `kopi-gayo`; with its kind in front when the short one is taken; else nothing."""
    words = slugify(name).split("-")
    own = [word for word in words if word not in KINDS] or words
    for candidate in ("-".join(own), "-".join(words)):
        slug = candidate[:LONGEST].strip("-")
        if _is_free(slug):
            return slug
    return ""


def _is_free(slug: str) -> bool:
    try:
        provisioning.check_slug(slug)
    except provisioning.SlugRefused:
        return False
    return True
