"""The first cooperative's shop on the marketplace. Stands in the cooperative's schema."""

from datetime import datetime

from coop_shop.demo.seeding.data import Data


def connect(data: Data, *, now: datetime) -> None:
    pass
