"""A DNS server on loopback, over UDP and TCP, that says what a test wants it to say."""

import socketserver
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

MOST_IN_A_DATAGRAM = 1232


@dataclass
class Zone:
    """What is known; any other name is NXDOMAIN."""

    address: str = ""  # as settings.DNS_RESOLVERS has it
    texts: dict[str, list[list[str]]] = field(default_factory=dict)  # name -> TXT records -> strings of one record
    aliases: dict[str, str] = field(default_factory=dict)  # name -> the name that its CNAME says
    rcode: int = dns.rcode.NOERROR  # other than that: every answer is this
    silent: bool = False
    seconds: float = 0.0  # before each answer
    garbage: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)  # transport, name

    def say(self, name: str, *texts: str) -> None:
        """TXT records of one string each."""
        self.texts[name] = [[text] for text in texts]


@contextmanager
def serving() -> Iterator[Zone]:
    """Start the server on a port of its own; stop it at the end."""
    zone = Zone()
    udp, tcp = _on_one_port()
    zone.address = f"127.0.0.1:{udp.server_address[1]}"
    udp.zone = tcp.zone = zone
    with ThreadPoolExecutor(2) as pool:
        pool.submit(udp.serve_forever, 0.02)
        pool.submit(tcp.serve_forever, 0.02)
        try:
            yield zone
        finally:
            for server in (udp, tcp):
                server.shutdown()
                server.server_close()


def _on_one_port() -> "tuple[_Udp, _Tcp]":
    """A port that is free for both; one that is free for datagrams may have a TCP connection."""
    for _ in range(20):
        udp = _Udp(("127.0.0.1", 0), _OneDatagram)
        try:
            return udp, _Tcp(("127.0.0.1", udp.server_address[1]), _OneStream)
        except OSError:
            udp.server_close()
    raise OSError("no port is free for UDP and TCP")


def _answer(wire: bytes, zone: Zone, transport: str) -> bytes | None:
    query = dns.message.from_wire(wire)
    name = query.question[0].name.to_text(omit_final_dot=True).lower()
    zone.asked.append((transport, name))
    time.sleep(zone.seconds)
    if zone.silent:
        return None
    if zone.garbage:
        return b"\x00" * 5
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.RA
    _fill(reply, name, zone)
    full = reply.to_wire(max_size=65535)
    if transport == "udp" and len(full) > MOST_IN_A_DATAGRAM:
        short = dns.message.make_response(query)
        short.flags |= dns.flags.TC
        return short.to_wire()
    return full


def _fill(reply: dns.message.Message, name: str, zone: Zone) -> None:
    if zone.rcode != dns.rcode.NOERROR:
        reply.set_rcode(zone.rcode)
        return
    while name in zone.aliases:
        target = zone.aliases[name]
        reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
        name = target
    if name not in zone.texts:
        reply.set_rcode(dns.rcode.NXDOMAIN)
        return
    records = [" ".join(f'"{string}"' for string in strings) for strings in zone.texts[name]]
    if records:
        reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *records))


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    block_on_close = False
    zone: Zone


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    zone: Zone


class _OneDatagram(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, sock = self.request
        reply = _answer(wire, self.server.zone, "udp")
        if reply is not None:
            sock.sendto(reply, self.client_address)


class _OneStream(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        (length,) = struct.unpack("!H", self.request.recv(2))
        reply = _answer(self.request.recv(length), self.server.zone, "tcp")
        if reply is not None:
            self.request.sendall(struct.pack("!H", len(reply)) + reply)
