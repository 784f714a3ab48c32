"""One command of manage.py against an empty PostgreSQL of its own, which is thrown away afterwards.

python -m coop_shop.demo.scratch COMMAND ...
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from coop_shop.demo import postgres
from coop_shop.demo.place import ROOT
from coop_shop.demo.servers import FORGETFUL


def main(arguments: list[str]) -> int:
    """Returns what the command returns."""
    with tempfile.TemporaryDirectory(prefix="coop-scratch-") as folder:
        try:
            address = postgres.start(Path(folder), settings=FORGETFUL)
            told = {**os.environ, "DATABASE_URL": address, "DEBUG": "1"}
            return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=told, check=False).returncode
        finally:
            postgres.forget(Path(folder))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
