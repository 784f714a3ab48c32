"""The whole platform in front of you, until Ctrl-C.

python -m coop_shop.demo                         start it (`make demo`)
python -m coop_shop.demo manage COMMAND ...      manage.py against the demo that is running
python -m coop_shop.demo reset                   throw it away (`make reset`)
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from types import FrameType
from typing import NoReturn

import psycopg
from psycopg import sql

from coop_shop.demo import doctor, postgres, programs, redis, screen, servers
from coop_shop.demo.place import ROOT, Place, environment
from coop_shop.demo.servers import Services
from coop_shop.demo.supervise import NotReady, Supervisor

FOLDER = ROOT / "var" / "demo"
DATABASE = "coop_shop"


def main(arguments: list[str]) -> int:
    """0 after Ctrl-C or SIGTERM, 1 with one sentence when something stands in the way."""
    try:
        doctor.check_python()
        doctor.check_folder(FOLDER)
        with (FOLDER / "running.lock").open("w") as lock:
            if arguments[:1] == ["manage"]:
                return _manage(lock.fileno(), arguments[1:])
            _only_one(lock.fileno())
            if arguments == ["reset"]:
                return _reset()
            return _run()
    except (doctor.Trouble, NotReady, postgres.DoesNotStart, redis.DoesNotStart) as trouble:
        print(f"\n{trouble}", file=sys.stderr)
    except subprocess.CalledProcessError:
        print("\nThe demo could not be prepared; the reason stands above.", file=sys.stderr)
    except OSError as error:
        print(f"\n{screen.disk_or_not(error, FOLDER)}", file=sys.stderr)
    return 1


def _only_one(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise doctor.Trouble(
            "The demo is running already in this folder: stop that one first (Ctrl-C there)."
        ) from None


def _manage(lock: int, arguments: list[str]) -> int:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        place = Place(**{**json.loads((FOLDER / "place.json").read_text(encoding="utf-8")), "folder": FOLDER})
        told = environment(place, base=os.environ)
        return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=told, check=False).returncode
    raise doctor.Trouble("The demo is not running in this folder: `make demo` first, then this in another window.")


def _run() -> int:
    started = time.monotonic()
    # SIGINT too: a shell that starts us in the background has told us to ignore it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    supervisor: Supervisor | None = None
    running: Services | None = None
    try:
        supervisor = Supervisor(FOLDER, say=screen.say)
        port = int(os.environ.get("PORT", "8000"))
        doctor.check(FOLDER, port=port)
        screen.say("starting PostgreSQL and Redis")
        running = _services()
        place = _place(port, running)
        known = {name: value for name, value in asdict(place).items() if name != "folder"}
        (FOLDER / "place.json").write_text(json.dumps(known), encoding="utf-8")
        told = environment(place, base=os.environ)
        supervisor.start(programs.simulators(place, told))
        supervisor.wait_until_ready(seconds=60)
        screen.say("preparing the shops")
        subprocess.run(
            [sys.executable, "manage.py", "prepare_demo", "--folder", str(FOLDER)],
            cwd=ROOT, env=told, check=True, start_new_session=True,
        )  # fmt: skip
        screen.say("opening")
        supervisor.start(programs.platform(place, told))
        supervisor.wait_until_ready(seconds=90)
        logins = json.loads((FOLDER / "logins.json").read_text(encoding="utf-8"))
        print(screen.table(place, logins, seconds=time.monotonic() - started), flush=True)
        while True:
            time.sleep(1)
            supervisor.revive()
            for name in running.revive() if running else []:
                screen.say(f"{name} had ended: started again")
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(supervisor, running)


def _services() -> Services | None:
    """Our own servers, unless the environment names both PostgreSQL and Redis."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return None
    running = servers.start(FOLDER)
    create_database(running.database_url, DATABASE)
    return running


def create_database(server_url: str, name: str) -> None:
    """Make the database unless it is there."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _place(port: int, running: Services | None) -> Place:
    stripe_port = doctor.next_free(8431, taken={port})
    redis_url = running.redis_url if running else os.environ["REDIS_URL"].rpartition("/")[0]
    return Place(
        folder=FOLDER,
        port=port,
        stripe_port=stripe_port,
        shopee_port=doctor.next_free(8441, taken={port, stripe_port}),
        database_url=running.database(DATABASE) if running else os.environ["DATABASE_URL"],
        redis_url=f"{redis_url}/0" if running else os.environ["REDIS_URL"],
        cache_url=f"{redis_url}/1" if running else os.environ.get("CACHE_URL", f"{redis_url}/1"),
    )


def _stop(supervisor: Supervisor | None, running: Services | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C would leave processes behind
    screen.say("stopping")
    if supervisor:
        supervisor.stop()
    if running:
        running.stop()


def _reset() -> int:
    Supervisor(FOLDER, say=screen.say).stop()
    redis.stop(FOLDER / "redis")
    postgres.forget(FOLDER / "postgres")
    shutil.rmtree(FOLDER)
    screen.say("the demo's shops, files and databases are gone; `make demo` makes new ones")
    return 0


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
