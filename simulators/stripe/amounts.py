"""Currencies and the smallest and largest amounts Stripe takes, in minor units."""

from simulators.stripe.errors import StripeError

# Smallest charge: about US$0.50 in each currency. IDR has two decimals at Stripe, so 900_000 is Rp9.000.
_MINIMUM = {"idr": 900_000, "usd": 50, "eur": 50, "sgd": 50, "myr": 200, "jpy": 50}
_ZERO_DECIMAL = frozenset({"jpy"})
# docs.stripe.com/currencies: twelve digits for IDR, eight for every other currency.
_MAXIMUM = {"idr": 999_999_999_999}
_MAXIMUM_ELSE = 99_999_999


def currency(value: str, *, param: str) -> str:
    """The currency in lower case. Raises StripeError for one that is not taken."""
    code = value.lower()
    if code not in _MINIMUM:
        raise StripeError(f"Invalid currency: {value}. Supported here: {', '.join(_MINIMUM)}", param=param)
    return code


def check_total(amount: int, code: str) -> None:
    """Raises StripeError amount_too_small or amount_too_large."""
    if amount < _MINIMUM[code]:
        raise StripeError(
            "The Checkout Session's total amount due must add up to at least "
            f"{shown(_MINIMUM[code], code)} (about US$0.50).",
            code="amount_too_small",
        )
    largest = _MAXIMUM.get(code, _MAXIMUM_ELSE)
    if amount > largest:
        raise StripeError(
            f"The Checkout Session's total amount due must be no more than {shown(largest, code)}.",
            code="amount_too_large",
        )


def shown(amount: int, code: str) -> str:
    """Minor units for people: 15000000 idr is Rp150.000, 15000050 idr is Rp150.000,50."""
    whole, rest = (amount, 0) if code in _ZERO_DECIMAL else divmod(amount, 100)
    mark = "Rp" if code == "idr" else f"{code.upper()} "
    return f"{mark}{whole:,}".replace(",", ".") + (f",{rest:02d}" if rest else "")
