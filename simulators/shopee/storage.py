"""Optional persistence: every change is written through to one SQLite file before it is answered.

Memory is what the simulator reads; the file only lets a restarted demo keep its listings, orders and tokens.
"""

import json
import sqlite3
from pathlib import Path


class Storage:
    """One row per thing: (kind, key) -> JSON. Used under the state's lock only."""

    def __init__(self, path: Path | None) -> None:
        self._database = sqlite3.connect(path or ":memory:", check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS thing (kind, key, json, PRIMARY KEY (kind, key))")
        self._database.execute("CREATE TABLE IF NOT EXISTS picture (key PRIMARY KEY, type, bytes)")
        self._keeps = path is not None

    def load(self, kind: str) -> dict:
        rows = self._database.execute("SELECT key, json FROM thing WHERE kind = ? ORDER BY rowid", (kind,))
        return {json.loads(key): json.loads(text) for key, text in rows}

    def save(self, kind: str, key: int | str, thing: object) -> None:
        if self._keeps:
            self._database.execute(
                "INSERT INTO thing VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json",
                (kind, json.dumps(key), json.dumps(thing)),
            )

    def remove(self, kind: str, key: int | str) -> None:
        self._database.execute("DELETE FROM thing WHERE kind = ? AND key = ?", (kind, json.dumps(key)))

    def load_pictures(self) -> dict[str, tuple[str, bytes]]:
        rows = self._database.execute("SELECT key, type, bytes FROM picture")
        return {key: (kind, content) for key, kind, content in rows}

    def save_picture(self, key: str, kind: str, content: bytes) -> None:
        if self._keeps:
            self._database.execute("INSERT INTO picture VALUES (?, ?, ?)", (key, kind, content))

    def forget_everything(self) -> None:
        self._database.execute("DELETE FROM thing")
        self._database.execute("DELETE FROM picture")

    def commit(self) -> None:
        self._database.commit()

    def close(self) -> None:
        self._database.commit()
        self._database.close()
