"""Everything the simulator knows, in memory behind one lock, written through to storage."""

import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from simulators.faults import Faults
from simulators.shopee.settings import Settings
from simulators.shopee.storage import Storage

SHOPS = {
    220033101: "Kopi Gayo Takengon",
    220033102: "Batik Lasem Pesisir",
    220033103: "Oleh-oleh Garut",
    220033104: "Warung Uji Coba",
}
OWN_FAULTS = {
    "token_expired": "refuses the access token although it is good",
    "clock_skew": "its clock is `seconds` (default 600) ahead when it judges a timestamp",
    "partial_failure": "update_stock and update_price fail for the last model of the call, with an empty error",
    "loop_cursor": "a list page says `more` and sends the reader back to the start",
    "push_dropped": "a push is never sent, only listed as lost; path_prefix /api/v2/push/code/3 picks code 3",
    "push_duplicated": "a push is sent twice",
}
FIRST_ITEM_ID = 43464493900  # beyond 32 bits, as real ids are
TABLES = ("access_tokens", "codes", "counters", "grants", "items", "orders", "pushes", "refresh_tokens")


class Table(dict):
    """A dict of one kind of thing; `put` and `drop` also reach storage, as does `keep` after a change inside."""

    def __init__(self, kind: str, storage: Storage) -> None:
        super().__init__(storage.load(kind))
        self._kind, self._storage = kind, storage

    def put(self, key: int | str, thing: object) -> None:
        self[key] = thing
        self.keep(key)

    def keep(self, key: int | str) -> None:
        self._storage.save(self._kind, key, self[key])

    def drop(self, key: int | str) -> None:
        if self.pop(key, None) is not None:
            self._storage.remove(self._kind, key)


class State:
    """The tables, the lock, the clock. Read and change them only inside `with state.changing():`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shops = SHOPS
        self.faults = Faults(default_prefix="/api/", own=OWN_FAULTS)
        self._storage = Storage(settings.data)
        self._lock = threading.RLock()
        self.push_due = threading.Event()
        self._read()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; whatever was put or kept is on disk when the block ends."""
        with self._lock:
            try:
                yield
            finally:
                self._storage.commit()

    def now(self) -> int:
        return int(time.time())

    def next_id(self, counter: str, start: int) -> int:
        number = self.counters.get(counter, start) + 1
        self.counters.put(counter, number)
        return number

    def random_name(self, length: int = 32) -> str:
        return secrets.token_hex(length // 2)

    def keep_picture(self, picture_id: str, content_type: str, content: bytes) -> None:
        self.pictures[picture_id] = (content_type, content)
        self._storage.save_picture(picture_id, content_type, content)

    def reset(self) -> None:
        """Forget everything, faults included; settings stay."""
        with self.changing():
            self._storage.forget_everything()
            self.faults.switch_on([])
            self._read()

    def close(self) -> None:
        with self._lock:
            self._storage.close()

    def _read(self) -> None:
        for name in TABLES:
            setattr(self, name, Table(name, self._storage))
        self.pictures = self._storage.load_pictures()
        self.buckets: dict[int, tuple[float, float]] = {}
        self.calls: deque[dict] = deque(maxlen=2000)
