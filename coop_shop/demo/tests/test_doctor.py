"""What stands in the way of the first run is said in one sentence that tells what to do."""

import errno
import os
import socket
import subprocess
from collections import namedtuple
from pathlib import Path

import pytest

from coop_shop.demo import doctor, screen
from coop_shop.demo.place import ROOT

Usage = namedtuple("Usage", "total used free")
PLAIN = {"PATH": os.environ["PATH"]}


def test_a_port_in_use_names_the_port_and_another_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(doctor.Trouble) as trouble:
            doctor.check_port(port)
        assert str(trouble.value) == (
            f"Port {port} is in use by another program: stop that, or run `make demo PORT={port + 1}`."
        )
        assert doctor.next_free(port, taken=set()) != port
    doctor.check_port(port)


def test_the_next_free_port_leaves_out_what_is_promised_to_another() -> None:
    first = doctor.next_free(18431, taken=set())
    assert doctor.next_free(first, taken={first}) > first


def test_a_full_disk_says_how_much_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Usage(10**12, 10**12, 3 * 2**20))
    with pytest.raises(doctor.Trouble, match=r"has 3 MB left, and the demo needs 700 MB: make room"):
        doctor.check_room(tmp_path)


def test_a_disk_that_fills_up_later_is_said_as_plainly(tmp_path: Path) -> None:
    assert screen.disk_or_not(OSError(errno.ENOSPC, "x"), tmp_path) == (
        f"The disk of {tmp_path} is full: make room and run it again."
    )


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(doctor.Trouble, match=r"file/demo cannot be written to .* clone the project"):
        doctor.check_folder(tmp_path / "file" / "demo")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The installing script in a project of its own, so that no real .venv is touched."""
    script = tmp_path / "coop_shop" / "demo" / "install.sh"
    script.parent.mkdir(parents=True)
    script.write_text((ROOT / "coop_shop" / "demo" / "install.sh").read_text())
    (tmp_path / "uv.lock").write_text("")
    return tmp_path


def install(clone: Path, **told: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(clone / "coop_shop" / "demo" / "install.sh"), "demo"]
    return subprocess.run(command, env={**PLAIN, **told}, capture_output=True, text=True, check=False)


def program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_an_old_python_is_told_which_one_is_needed(clone: Path) -> None:
    old = program(clone / "old", 'case "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac')
    done = install(clone, PYTHON=old)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Python 3.11 or newer is needed and Python 3.9.2 was found: install it, or name it "
        "(make demo PYTHON=/path/to/python3.11)."
    )


def test_a_python_without_venv_is_told_what_to_install(clone: Path) -> None:
    bare = program(clone / "bare", 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac')
    done = install(clone, PYTHON=bare)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"{bare} has no venv module: install it (on Debian and Ubuntu: apt install python3-venv) and run this again."
    )


def test_too_little_room_for_the_packages_stops_before_anything_is_downloaded(clone: Path) -> None:
    tools = clone / "tools"
    tools.mkdir()
    program(tools / "df", 'echo header; echo "/dev/x 100 90 10 90% /"')
    done = install(clone, PATH=f"{tools}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("has 10 MB left and the packages need 1200 MB: make room and run this again.")
    assert not (clone / ".venv" / "bin").exists()
