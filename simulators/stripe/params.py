"""Form bodies as Stripe reads them: `line_items[0][price_data][currency]=idr`, and no unknown names."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from simulators.stripe.errors import StripeError

_NAME = re.compile(r"^[^\[\]]+(\[[^\[\]]*\])*$")
_MAX_METADATA_KEYS = 50  # docs.stripe.com/api/metadata: 50 keys, 40 characters each, values up to 500
_MAX_METADATA_KEY = 40
_MAX_METADATA_VALUE = 500


def parse(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nested dicts from bracketed names; list positions stay as keys "0", "1", ... Raises StripeError."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        if not _NAME.match(name):
            raise StripeError(f"Invalid parameter name: {name}", param=name)
        first, *rest = re.split(r"\[", name.replace("]", ""))
        _put(tree, [first, *rest], value, name)
    return tree


def _put(tree: dict[str, Any], steps: list[str], value: str, name: str) -> None:
    for step in steps[:-1]:
        child = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(child, dict):
            raise StripeError("Invalid object", code="parameter_invalid", param=name)
        tree = child
    last = steps[-1] or str(len(tree))
    if isinstance(tree.get(last), dict):
        raise StripeError("Invalid object", code="parameter_invalid", param=name)
    tree[last] = value


class Params:
    """Reads parameters one by one, then `finish()` refuses whatever nobody read."""

    def __init__(self, values: dict[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path
        self._seen: set[str] = set()
        self._inner: list[Params] = []

    def text(
        self, name: str, *, required: bool = False, maximum: int = 5000, choices: tuple[str, ...] = ()
    ) -> str | None:
        value = self._take(name, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(name, "Invalid string", "parameter_invalid_string")
        if value == "":
            raise self._wrong(
                name,
                f"You passed an empty string for '{self.full(name)}'. We assume empty values are an "
                f"attempt to unset a parameter; however '{self.full(name)}' cannot be unset.",
                "parameter_invalid_empty",
            )
        if len(value) > maximum:
            raise self._wrong(name, f"Invalid string; must be at most {maximum} characters", "string_too_long")
        if choices and value not in choices:
            raise self._wrong(name, f"Invalid {self.full(name)}: must be one of {', '.join(choices)}", None)
        return value

    def must(self, name: str, *, maximum: int = 5000, choices: tuple[str, ...] = ()) -> str:
        return self.text(name, required=True, maximum=maximum, choices=choices) or ""

    def integer(
        self, name: str, *, required: bool = False, minimum: int | None = None, maximum: int | None = None
    ) -> int | None:
        value = self._take(name, required=required)
        if value is None:
            return None
        # int() would let through "1_000", " 5" and digits of other scripts.
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,20}", value):
            raise self._wrong(name, f"Invalid integer: {value}", "parameter_invalid_integer")
        number = int(value)
        if minimum is not None and number < minimum:
            raise self._wrong(
                name, f"This value must be greater than or equal to {minimum}.", "parameter_invalid_integer"
            )
        if maximum is not None and number > maximum:
            raise self._wrong(name, f"This value must be less than or equal to {maximum}.", "parameter_invalid_integer")
        return number

    def boolean(self, name: str) -> bool | None:
        value = self._take(name)
        if value not in (None, "true", "false"):
            raise self._wrong(name, f"Invalid boolean: {value}", None)
        return None if value is None else value == "true"

    def url(self, name: str, *, required: bool = False) -> str | None:
        value = self.text(name, required=required)
        if value is not None and not _is_url(value):
            raise self._wrong(name, "Not a valid URL", "url_invalid")
        return value

    def texts(self, name: str) -> list[str]:
        values = self._take(name)
        if values is None:
            return []
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            raise self._wrong(name, "Invalid array", "parameter_invalid")
        return list(values.values())

    def group(self, name: str, *, required: bool = False) -> "Params | None":
        value = self._take(name, required=required)
        return None if value is None else self._child(value, name)

    def rows(self, name: str) -> list["Params"]:
        values = self._take(name)
        if values is None:
            return []
        if not isinstance(values, dict) or not all(key.isdigit() for key in values):
            raise self._wrong(name, "Invalid array", "parameter_invalid")
        return [self._child(value, name, key) for key, value in values.items()]

    def raw(self, name: str) -> Any:
        """The value as it came, for a parameter that has two forms."""
        return self._values.get(name)

    def metadata(self, name: str = "metadata") -> dict[str, str]:
        """What to write; an empty value means: remove that key."""
        values = self._take(name)
        if values is None or values == "":
            return {}
        if not isinstance(values, dict):
            raise self._wrong(name, "Invalid object", "parameter_invalid")
        if len(values) > _MAX_METADATA_KEYS:
            raise self._wrong(name, f"You can only have up to {_MAX_METADATA_KEYS} metadata keys.", None)
        for key, value in values.items():
            if not isinstance(value, str):
                raise self._wrong(name, f"Metadata values must be strings: {key}", "parameter_invalid")
            if len(key) > _MAX_METADATA_KEY or len(value) > _MAX_METADATA_VALUE:
                raise self._wrong(name, f"Metadata key or value too long: {key[:60]}", "string_too_long")
        return dict(values)

    def refuse(self, *names: str) -> None:
        """Real parameters whose effect this simulator does not have: better a refusal than a silent lie."""
        for name in names:
            if name in self._values:
                raise self._wrong(name, f"The Stripe simulator does not do '{self.full(name)}'.", "not_simulated")

    def allow(self, *names: str) -> None:
        """Real parameters that change nothing the shop can see."""
        self._seen.update(names)

    def finish(self) -> None:
        for name in self._values:
            if name not in self._seen:
                raise self._wrong(name, f"Received unknown parameter: {self.full(name)}", "parameter_unknown")
        for child in self._inner:
            child.finish()

    def full(self, name: str) -> str:
        """The parameter as the caller wrote it: `line_items[0][quantity]`."""
        return f"{self._path}[{name}]" if self._path else name

    def _take(self, name: str, *, required: bool = False) -> Any:
        self._seen.add(name)
        if required and name not in self._values:
            raise self._wrong(name, f"Missing required param: {self.full(name)}.", "parameter_missing")
        return self._values.get(name)

    def _child(self, value: Any, *steps: str) -> "Params":
        if not isinstance(value, dict):
            raise self._wrong(steps[0], "Invalid object", "parameter_invalid")
        path = self._path
        for step in steps:
            path = f"{path}[{step}]" if path else step
        child = Params(value, path)
        self._inner.append(child)
        return child

    def _wrong(self, name: str, message: str, code: str | None) -> StripeError:
        return StripeError(message, code=code, param=self.full(name))


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value.replace("{CHECKOUT_SESSION_ID}", "x"))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
