"""Who is meant by a seller's cell."""

from members.models import Member


def by_what_they_are_called() -> dict[str, int]:
    """Member number, or a name that only one member has (both in lower case) -> the member's pk."""
    by_name: dict[str, list[int]] = {}
    known: dict[str, int] = {}
    for pk, number, name in Member.objects.values_list("pk", "number", "name"):
        known[number.casefold()] = pk
        by_name.setdefault(name.casefold(), []).append(pk)
    return {**{name: found[0] for name, found in by_name.items() if len(found) == 1}, **known}
