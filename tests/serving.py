"""The shop behind a port, for a real browser: `with serving() as base`, then base.format(slug=...)."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from coop_shop.demo.servers import free_port

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def serving() -> Iterator[str]:
    """gunicorn on the database of this test, which must have committed what the browser is to see."""
    port = free_port()
    database = os.environ["DATABASE_URL"].replace("/coop_shop?", f"/{connection.settings_dict['NAME']}?")
    told = {**os.environ, "DATABASE_URL": database, "SITE_PORT": f":{port}"}
    command = [sys.executable, "-m", "gunicorn", "coop_shop.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    server = subprocess.Popen([*command, "--no-control-socket"], cwd=ROOT, env=told)
    try:
        _wait_for(port)
        yield f"http://{{slug}}.localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _attempt in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError:
            return  # 404: no shop has this host, but somebody answers
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")
