"""Which state of the data a page was made from.

Each cooperative has a number in the cache that becomes another one with every commit that changed something visitors
see, and so has the directory of cooperatives and domains. A page that is kept beside both numbers (storefront/
page_cache.py) is right as long as both are the same. The numbers are random, never counted: one that was lost with the
cache does not come back.

Nobody has to remember to call anything: the database connection itself recognises statements that write
(tenants/postgresql/base.py), and a table that nobody has thought of counts as seen.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache import caches
from redis import RedisError

logger = logging.getLogger(__name__)

DIRECTORY = "directory"
OF_DIRECTORY = frozenset({"tenants_cooperative", "tenants_domain", "tenants_freedname", "tenants_switch"})
# Tables of which an anonymous page shows nothing: a test reads every page and holds this list against what they ask.
UNSEEN = frozenset(
    {
        "account_emailaddress", "account_emailconfirmation", "accounts_user", "catalog_approvalrule",
        "catalog_importjob", "catalog_importproblem", "catalog_productevent", "catalog_proposal",
        "catalog_wantedpicture", "django_admin_log", "django_session", "inventory_movement", "inventory_reservation",
        "ledger_account", "ledger_entry", "ledger_journal", "marketplaces_categorymap", "marketplaces_channelnotice",
        "marketplaces_channelorder", "marketplaces_connection", "marketplaces_listing", "marketplaces_listingvariant",
        "marketplaces_remotepicture", "members_officer", "members_visitentry", "mfa_authenticator",
        "notifications_message", "orders_documentcounter", "orders_order", "orders_orderevent", "orders_orderline",
        "orders_parcel", "payments_fact", "payments_notice", "payments_payment",
    }
)  # fmt: skip
AWAY_SECONDS = 2.0  # how long nobody asks a cache that did not answer

_TABLE = r'(?:"?(?P<schema>\w+)"?\.)?"?(?P<table>\w+)"?'
_VERB = (
    r"(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|MERGE\s+INTO|COPY"
    r"|TRUNCATE(?:\s+TABLE)?(?:\s+ONLY)?)"
)
_PLAIN = re.compile(rf"\s*{_VERB}\s+{_TABLE}", re.IGNORECASE)
_INSIDE = re.compile(rf"(?:^|[(;)])\s*{_VERB}\s+{_TABLE}", re.IGNORECASE)
_READS = (
    "SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET", "RESET", "SHOW", "EXPLAIN", "LOCK",
    "DECLARE", "FETCH", "CLOSE", "ANALYZE", "VACUUM", "TABLE", "VALUES", "WITH", "(",
)  # fmt: skip
_owed: set[str] = set()  # changed while the cache did not answer
_away_until = 0.0


def of_directory() -> int | None:
    """The number of the directory of cooperatives and domains; None while the cache does not answer."""
    return _ask(lambda: _read([DIRECTORY], [])[0][DIRECTORY])


def of(schema: str) -> int | None:
    """The number of a cooperative; None while the cache does not answer."""
    return _ask(lambda: _read([schema], [])[0][schema])


def look(schema: str, key: str) -> tuple[int | None, Any]:
    """The number of a cooperative, and what is kept under `key` of the shared cache. One round trip."""
    found = _ask(lambda: _read([schema], [key]))
    return (None, None) if found is None else (found[0][schema], found[1].get(key))


def keep(key: str, value: Any, *, seconds: float) -> None:
    """Put `value` beside the numbers, for at most so long. Where the cache is away, nothing happens."""
    _ask(lambda: caches["shared"].set(key, value, timeout=max(1, int(seconds))))


def count(key: str, *, seconds: int) -> int | None:
    """How often this was called with `key` since it was first, at most `seconds` ago; None while the cache is away."""
    return _ask(lambda: _count(key, seconds))


def tell(names: Iterable[str]) -> None:
    """These schemas (or DIRECTORY) have changed: what was kept of them is not right any more. Never raises."""
    told = list(names)
    if not _ask(lambda: _renew(told)):
        _owed.update(told)


def notice(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper (Django's) that remembers on the connection what a statement changes."""
    connection = context["connection"]
    changed = changes(sql, schema=connection.schema_name)
    if not changed:
        return execute(sql, params, many, context)
    try:
        return execute(sql, params, many, context)
    finally:
        connection.changed.update(changed)
        if is_committed(connection):
            connection.tell_changes()


def is_committed(connection: Any) -> bool:
    """Whether a statement that just ran stands already, because no transaction is around it."""
    return bool(connection.autocommit)


def changes(sql: Any, *, schema: str) -> set[str]:
    """Whose pages a statement changes, sent while the connection stands in `schema`. What cannot be told counts."""
    text: str = (sql if isinstance(sql, str) else sql.as_string(None)).lstrip()
    begins = text[:12].upper()
    reads, is_one = begins.startswith(_READS), ";" not in text
    if reads and is_one and not begins.startswith(("WITH", "(")):
        return set()
    plain = _PLAIN.match(text)
    found = [plain] if plain and is_one else list(_INSIDE.finditer(text))
    if not found:
        return set() if reads and is_one else {schema}
    return {_whose(match["table"].lower(), match["schema"] or schema) for match in found} - {""}


def _whose(table: str, schema: str) -> str:
    if table in OF_DIRECTORY:
        return DIRECTORY
    if table in UNSEEN or table.startswith("tenants_"):
        return ""
    return schema


def _read(names: list[str], keys: list[str]) -> tuple[dict[str, int], dict[str, Any]]:
    cache = caches["shared"]
    numbers = {name: f"fresh:{name}" for name in names}
    found = cache.get_many([*numbers.values(), *keys])
    for number in numbers.values():
        if number not in found:
            cache.add(number, secrets.randbits(62), timeout=None)
            found[number] = cache.get(number)
    return {name: found[number] for name, number in numbers.items()}, found


def _count(key: str, seconds: int) -> int:
    cache = caches["shared"]
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in between
        return 1


def _ask(work: Callable[[], Any]) -> Any:
    """What `work` gives, after whatever is owed was told; None while the cache is away."""
    global _away_until
    if time.monotonic() < _away_until:
        return None
    try:
        if _owed:
            _pay()
        return work()
    except (RedisError, OSError) as error:
        _away_until = time.monotonic() + AWAY_SECONDS
        logger.warning("the cache is away (%s): pages are made anew for each visitor", type(error).__name__)
        return None


def _pay() -> None:
    names = list(_owed)
    _owed.difference_update(names)  # first: who changes them meanwhile owes again
    try:
        _renew(names)
    except (RedisError, OSError):
        _owed.update(names)
        raise


def _renew(names: Iterable[str]) -> bool:
    caches["shared"].set_many({f"fresh:{name}": secrets.randbits(62) for name in names}, timeout=None)
    return True
