"""A host name as people type it, and as DNS and the Domain table have it. No database, no network."""

import ipaddress
import re
import unicodedata
from enum import StrEnum

import idna

MOST_CHARACTERS = 242  # 253 without the label in front of the record that proves it
LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")
AROUND = re.compile(r"^\s*(?:https?://)?(?P<host>[^/?#]*)(?:[/?#].*)?\s*$", re.IGNORECASE | re.DOTALL)
PORT = re.compile(r":\d{1,5}$")

# Names that mean something special or that only one machine or one house knows (RFC 6761, 6762, 8375, ICANN).
SPECIAL = frozenset(["local", "localhost", "localdomain", "internal", "lan", "home", "arpa", "invalid", "onion", "alt"])
# Below these anybody gets a name, so nobody has them. The second levels of country domains follow from COUNTRY_SECOND.
ANYBODYS = frozenset(
    [
        "blogspot.com", "github.io", "gitlab.io", "herokuapp.com", "netlify.app", "pages.dev", "vercel.app", "web.app",
        "firebaseapp.com", "wordpress.com", "azurewebsites.net", "cloudfront.net", "amazonaws.com", "workers.dev",
        "myshopify.com", "wixsite.com", "weebly.com", "000webhostapp.com", "ngrok.io", "ngrok.app", "trycloudflare.com",
    ]
)  # fmt: skip
COUNTRY_SECOND = frozenset(
    [
        "ac", "biz", "co", "com", "desa", "edu", "go", "gob", "gov", "id", "kop", "mil", "my", "ne", "net", "nom", "or",
        "org", "ponpes", "sch", "web",
    ]
)  # fmt: skip

# What looks alike in the type faces of address bars. A name and its skeleton are compared, never stored.
LOOKS_LIKE = str.maketrans(
    {
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "к": "k", "ӏ": "l", "м": "m",
        "н": "h", "о": "o", "р": "p", "ԛ": "q", "г": "r", "ѕ": "s", "т": "t", "ѵ": "v", "ԝ": "w", "х": "x", "у": "y",
        "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u",
        "χ": "x", "γ": "y", "ω": "w", "ı": "i", "ɡ": "g", "ɑ": "a", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ß": "b",
        "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "0": "o", "1": "l", "i": "l", "5": "s",
    }
)  # fmt: skip
LOOKS_LIKE_TWO = (("rn", "m"), ("vv", "w"))
TOGETHER = frozenset(["CJK", "HIRAGANA", "KATAKANA"])  # Japanese is written in three scripts at once


class Refusal(StrEnum):
    """Why a name cannot be anybody's own domain here."""

    MALFORMED = "malformed"
    ADDRESS = "address"  # numbers, not a name
    ONE_LABEL = "one_label"
    SPECIAL = "special"
    ANYBODYS = "anybodys"
    MIXED_SCRIPTS = "mixed_scripts"


class BadName(ValueError):
    """`reason` is a Refusal."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def normalised(text: str) -> str:
    """`https://Kopi-Gayo.COM.:443/` -> `kopi-gayo.com`; letters beyond ASCII become punycode. Raises BadName."""
    found = AROUND.match(text[:1000])
    host = PORT.sub("", found["host"].strip()) if found else ""
    host = host.removesuffix(".")
    if _is_address(host):
        raise BadName(Refusal.ADDRESS)
    name = _ascii(host)
    if len(name) > MOST_CHARACTERS or not is_well_formed(name):
        raise BadName(Refusal.MALFORMED)
    _refuse_what_nobody_can_have(name.split("."))
    if any(_is_mixed(label) for label in shown(name).split(".")):
        raise BadName(Refusal.MIXED_SCRIPTS)
    return name


def is_well_formed(name: str) -> bool:
    """Whether `name` can be a host name as DNS has it: lower case, no dot at its end."""
    return len(name) <= 253 and all(LABEL.fullmatch(label) for label in name.split("."))


def shown(name: str) -> str:
    """The name as people read it: punycode as letters where it is valid."""
    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name


def is_below(name: str, parent: str) -> bool:
    """Whether `name` is `parent` or a name below it."""
    return name == parent or name.endswith(f".{parent}")


def skeleton(name: str) -> str:
    """Two names with one skeleton look alike to somebody in a hurry."""
    letters = unicodedata.normalize("NFKD", shown(name).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(LOOKS_LIKE)
    for two, one in LOOKS_LIKE_TWO:
        plain = plain.replace(two, one)
    return plain


def looks_like(name: str, other: str) -> bool:
    """Whether `name`, or a name above it, could be taken for `other`, which it is not."""
    wanted = skeleton(other)
    return not is_below(name, other) and is_below(skeleton(name), wanted)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        last = host.rpartition(".")[2].lower()
        return last.isdigit() or bool(re.fullmatch(r"0x[0-9a-f]*", last))
    return True


def _ascii(host: str) -> str:
    try:
        name = idna.encode(host, uts46=True).decode()
        if idna.encode(idna.decode(name)).decode() == name:  # punycode that says something else than it seems
            return name
    except (idna.IDNAError, UnicodeError, IndexError):
        pass
    raise BadName(Refusal.MALFORMED)


def _refuse_what_nobody_can_have(labels: list[str]) -> None:
    if len(labels) == 1:
        raise BadName(Refusal.SPECIAL if labels[0] in SPECIAL else Refusal.ONE_LABEL)
    if labels[-1] in SPECIAL:
        raise BadName(Refusal.SPECIAL)
    is_country_second = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in COUNTRY_SECOND
    if is_country_second or any(is_below(".".join(labels), suffix) for suffix in ANYBODYS):
        raise BadName(Refusal.ANYBODYS)


def _is_mixed(label: str) -> bool:
    """Letters of two scripts in one label: `kоpi` with a Cyrillic о."""
    scripts = {re.split("[ -]", unicodedata.name(letter, "?"))[0] for letter in label if letter.isalpha()}
    return len(scripts) > 1 and not scripts <= TOGETHER
