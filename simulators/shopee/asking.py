"""Reading what a call asks for. Each method raises Refused when the value is missing or out of bounds."""

from werkzeug.datastructures import MultiDict

from simulators.shopee.envelope import Refused


class Asked:
    """Mixed into Call: `query` and `body` as the caller sent them."""

    query: MultiDict
    body: dict

    def number(self, name: str, *, low: int, high: int, default: int | None = None) -> int:
        """A whole number of the query."""
        text = self.query.get(name)
        if text is None and default is not None:
            return default
        if text is None or not text.isdigit() or not low <= int(text) <= high:
            raise wrong(name, f"value must be within {low} and {high}")
        return int(text)

    def text(self, name: str) -> str:
        value = self.query.get(name, "")
        if not value:
            raise wrong(name, "value must Not Null")
        return value

    def comma_list(self, name: str, *, most: int) -> list[str]:
        """Ids travel in one value, joined by commas."""
        values = [part for part in self.query.get(name, "").split(",") if part]
        if not 1 <= len(values) <= most:
            raise wrong(name, f"length must be within 1 and {most}")
        return values

    def comma_numbers(self, name: str, *, most: int) -> list[int]:
        values = self.comma_list(name, most=most)
        if not all(value.isdigit() for value in values):
            raise wrong(name, "value must be a number")
        return [int(value) for value in values]

    def sent(self, name: str, kind: type | tuple[type, ...]) -> object:
        """A field of the JSON body with its type checked; numbers in quotes are refused."""
        return field_of(self.body, name, kind)

    def sent_list(self, name: str, *, most: int) -> list[dict]:
        rows = self.sent(name, list)
        if not 1 <= len(rows) <= most or not all(isinstance(row, dict) for row in rows):
            raise wrong(name, f"length must be within 1 and {most}")
        return rows


def field_of(body: dict, name: str, kind: type | tuple[type, ...]) -> object:
    value = body.get(name)
    if value is None:
        raise wrong(name, "value must Not Null")
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise wrong(name, "type is wrong")
    return value


def wrong(name: str, reason: str) -> Refused:
    """Shopee's own wording of a bad parameter."""
    title = "".join(part.capitalize() for part in name.split("_"))
    return Refused("error_param", f"invalid field {title}: {reason}")
