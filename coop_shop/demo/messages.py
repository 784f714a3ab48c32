"""Translations become what gettext reads, without gettext's own programs: `python -m coop_shop.demo.messages`."""

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent.parent / "locale"


def compile_all(folder: Path = LOCALE) -> int:
    """Write the .mo file beside every .po file that is newer. Returns how many were written."""
    stale = [po for po in folder.glob("*/LC_MESSAGES/*.po") if _is_stale(po)]
    for po in stale:
        written = po.with_suffix(f".{os.getpid()}.tmp")  # whole or not at all: another process may be reading
        polib.pofile(str(po)).save_as_mofile(str(written))
        written.replace(po.with_suffix(".mo"))
    return len(stale)


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


if __name__ == "__main__":
    compile_all()
