"""Founds one cooperative after the other until it is killed. A fork server imports it once and forks it often."""

from itertools import count
from multiprocessing.connection import Connection

import django

django.setup()

from django.db import connection  # noqa: E402

from members import founding  # noqa: E402


def run(database: str, name: str, says: Connection) -> None:
    """Tells the number of its database process, then each slug that it has founded: `slug_of(name, 0)` and so on."""
    connection.settings_dict["NAME"] = database
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        says.send(cursor.fetchone()[0])
    for number in count():
        says.send(founding.found(name="Koperasi Uji", slug=slug_of(name, number), admin_email="ketua@uji.example").slug)


def slug_of(name: str, number: int) -> str:
    return f"{name}-{number:03d}"
