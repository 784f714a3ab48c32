"""Every Indonesian way to write a phone number, as E.164."""

import re

import phonenumbers


class NotAPhoneNumber(ValueError):
    """The text is not a phone number that can exist."""


def normalise(text: str, *, region: str = "ID") -> str:
    """`0812-3456-7890`, `62 812…`, `+62 (0)812…` -> `+6281234567890`.

    A leading `62` without plus is the country code: a parser told that the region is Indonesia would
    otherwise read it as part of a local number. Raises NotAPhoneNumber.
    """
    digits = re.sub(r"[^\d+]", "", text.replace("(0)", ""))
    if digits.startswith("62"):
        digits = f"+{digits}"
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber(text) from error
    if not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
