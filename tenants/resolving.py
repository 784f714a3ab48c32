"""Asking DNS for text records. What is not there is told apart from what could not be asked."""

from functools import cache

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

from lib.http import refuse_inside_transaction

DNS_PORT = 53


class DnsAway(Exception):
    """No server gave an answer that counts: it failed (SERVFAIL, REFUSED), was silent or spoke nonsense."""


def texts(name: str) -> frozenset[str]:
    """Every TXT record at `name`, the strings of one record joined (RFC 7208 3.3). None, or no such name: empty.

    Asks the servers of settings.DNS_RESOLVERS, all of them together for at most DNS_SECONDS; an answer that does not
    fit a datagram comes by TCP. Raises DnsAway, lib.http.InsideTransaction.
    """
    refuse_inside_transaction(f"DNS TXT {name}")
    return ask(name)


def ask(name: str) -> frozenset[str]:
    """As `texts`, for threads that have no database connection. The caller stands in no transaction."""
    try:
        answer = _resolver(tuple(settings.DNS_RESOLVERS)).resolve(
            f"{name}.", "TXT", search=False, lifetime=settings.DNS_SECONDS
        )
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return frozenset()
    except (dns.exception.DNSException, OSError, ValueError) as error:
        raise DnsAway(type(error).__name__) from error
    return frozenset(b"".join(record.strings).decode("ascii", "replace") for record in answer)


@cache
def _resolver(servers: tuple[str, ...]) -> dns.resolver.Resolver:
    """`servers` are `address` or `address:port` (`[address]:port` for IPv6); none: those of this machine."""
    if not servers:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [_nameserver(server) for server in servers]
    return resolver


def _nameserver(server: str) -> dns.nameserver.Nameserver:
    if server.startswith("["):
        address, _, port = server[1:].partition("]")
        port = port.removeprefix(":")
    elif server.count(":") == 1:
        address, _, port = server.partition(":")
    else:
        address, port = server, ""
    return dns.nameserver.Do53Nameserver(address, int(port or DNS_PORT))
