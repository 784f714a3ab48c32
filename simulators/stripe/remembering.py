"""The file that lets a restarted demo keep its sessions, keys and undelivered notices."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from simulators.stripe.world import Account, World


def save(world: World, path: Path) -> int:
    """Write all of it in one step. Returns the number of changes that the file contains."""
    with world.lock:
        changes = world.changes
        text = json.dumps(
            {
                "accounts": [asdict(account) for account in world.accounts.values()],
                "deliveries": world.deliveries,
                "behaviour": world.behaviour,
                "clock_offset": world.clock_offset,
                "sequence": world.sequence,
            }
        )
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
    return changes


def load(world: World, path: Path) -> None:
    """Take over what `save` wrote; a missing file is an empty world."""
    if not path.exists():
        return
    kept = json.loads(path.read_text(encoding="utf-8"))
    with world.lock:
        world.accounts = {row["id"]: Account(**row) for row in kept["accounts"]}
        world.deliveries = kept["deliveries"]
        world.behaviour.update(kept["behaviour"])
        world.clock_offset = kept["clock_offset"]
        world.sequence = kept["sequence"]
