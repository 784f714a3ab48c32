"""A cooperative leaves whole: its exit kit, and how another server of Coop Shop takes it in (docs/leaving.md)."""
