"""What commonly stands in the way of the first run, each said in one sentence that tells what to do."""

import os
import shutil
import socket
import sys
from pathlib import Path

ROOM = 700 * 1024 * 1024  # bytes: databases, pictures and logs of the demo, with something to spare


class Trouble(Exception):
    """Something that a person must change; the message is one sentence."""


def check(folder: Path, *, port: int) -> None:
    """Raises Trouble."""
    check_python()
    check_folder(folder)
    check_room(folder)
    check_port(port)


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an old one is the case that this is for
        raise Trouble(
            f"This is Python {sys.version_info.major}.{sys.version_info.minor}, and 3.11 or newer is needed: "
            "install it and run `make demo PYTHON=python3.11`."
        )


def check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f"probe.{os.getpid()}"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"The folder {folder} cannot be written to ({(error.strerror or '').lower()}): "
            "change its owner, or clone the project into a folder of your own."
        ) from error


def check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise Trouble(
            f"The disk of {folder} has {free // 2**20} MB left, and the demo needs {ROOM // 2**20} MB: "
            "make room and run it again."
        )


def check_port(port: int) -> None:
    if not is_free(port):
        raise Trouble(f"Port {port} is in use by another program: stop that, or run `make demo PORT={port + 1}`.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def next_free(port: int, *, taken: set[int]) -> int:
    """`port`, or the next one above it that is free and not in `taken`. Raises Trouble when 50 are not."""
    for candidate in range(port, port + 50):
        if candidate not in taken and is_free(candidate):
            return candidate
    raise Trouble(f"All ports from {port} to {port + 49} are in use: stop the programs that use them.")
