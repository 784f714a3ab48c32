"""Files from addresses that people give us. Only public ones: what a stranger types must not make this machine ask its
own network (SSRF).

The name is resolved once, every address it has must be public, and the connection goes to one of those very
addresses, so that a name that changes its mind in between leads nowhere. Redirects are followed a few times, each
looked at anew.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence

import httpx

from lib.http import CallFailed, NoAnswer, NotSent, TooLarge, refuse_inside_transaction

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
DEADLINE_SECONDS = 15.0
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
IsAllowed = Callable[[str], bool]


class NotPublic(CallFailed):
    """No address that we ask: not http or https, another port, a login in it, or not of the public internet."""


class Refused(CallFailed):
    """The other side answered with a status that is no file."""


def fetch(address: str, *, most_bytes: int, is_allowed: IsAllowed | None = None) -> bytes:
    """What is at the public `address`. `is_allowed` says of an IP address whether it may be asked, by default
    whether it is public. Raises NotPublic, Refused, NotSent, NoAnswer, TooLarge, InsideTransaction."""
    refuse_inside_transaction("fetch")
    end = time.monotonic() + DEADLINE_SECONDS
    allowed = is_allowed or is_public
    url = _parsed(address)
    for _turn in range(MOST_REDIRECTS + 1):
        target, headers, extensions = _pinned(url, allowed, checks_port=is_allowed is None)
        status, location, body = _ask(target, headers, extensions, most_bytes, end)
        if status == 200:
            return body
        if status not in (301, 302, 303, 307, 308) or not location:
            raise Refused(f"status {status}")
        url = _parsed(str(url.join(location)))
    raise Refused("too many redirects")


def is_public(ip: str) -> bool:
    """Whether `ip` is an address of the public internet, also where an IPv6 address holds an IPv4 one."""
    try:
        address = ipaddress.ip_address(ip.split("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address in ipaddress.ip_network("64:ff9b:1::/48") or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _parsed(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise NotPublic("not an address") from error
    if url.scheme not in PORTS or not url.host or url.userinfo:
        raise NotPublic("not a public address")
    return url


def _pinned(
    url: httpx.URL, allowed: IsAllowed, *, checks_port: bool
) -> tuple[httpx.URL, dict[str, str], dict[str, str]]:
    """The same question to the very machine that was looked at."""
    port = url.port or PORTS[url.scheme]
    if checks_port and port != PORTS[url.scheme]:
        raise NotPublic("another port")
    name = url.raw_host.decode("ascii", "replace").strip("[]")
    addresses = _resolved(name, port)
    if not addresses:
        raise NotSent("no such host")
    if not all(allowed(ip) for ip in addresses):
        raise NotPublic("not of the public internet")
    target = url.copy_with(host=addresses[0])
    return target, {"Host": url.netloc.decode("ascii")}, {"sni_hostname": name}


def _resolved(name: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _ask(
    target: httpx.URL, headers: dict[str, str], extensions: dict[str, str], most_bytes: int, end: float
) -> tuple[int, str, bytes]:
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    headers = {**headers, "User-Agent": "coop-shop", "Accept": "image/*", "Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream("GET", target, headers=headers, extensions=extensions) as response,
        ):
            body = bytearray()
            if response.status_code == 200:
                for piece in response.iter_raw():  # not unpacked: a bomb stays small
                    body += piece
                    if len(body) > most_bytes:
                        raise TooLarge(f"more than {most_bytes} bytes")
                    if time.monotonic() > end:
                        raise NoAnswer("deadline passed while reading")
            return response.status_code, response.headers.get("location", ""), bytes(body)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotSent(type(error).__name__) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoAnswer(type(error).__name__) from error
