"""A cooperative that lives on the second database server is lost there, and comes back there."""

import pytest

from tests.test_two_servers import INVARIANTS, MOVED, STAYS, fingerprints, manage, schemas_on_second

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]
DROP = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(f'DROP SCHEMA "{connection.schema_name}" CASCADE')
answer = connection.schema_name
"""


def succeeds(platform, command):
    """Not while the platform's own worker is at this cooperative's backup of the night."""
    return manage(platform, command, "--cooperative", MOVED).returncode == 0


def test_it_is_backed_up_proven_and_restored_where_it_lives(platform):
    done = manage(platform, "move_cooperative", "--cooperative", MOVED, "--to", "dua")
    assert done.returncode == 0, done.stderr
    try:
        before = fingerprints(platform)
        for command in ("backup_cooperative", "prove_backups"):
            assert platform.eventually(lambda command=command: succeeds(platform, command), seconds=30)
        schema = platform.shell(MOVED, DROP)
        assert schemas_on_second(platform) == []
        assert platform.client(STAYS).get("/").status_code == 200

        assert platform.eventually(lambda: succeeds(platform, "restore_cooperative"), seconds=30)

        assert schemas_on_second(platform) == [schema]
        assert fingerprints(platform) == before
        assert platform.shell(MOVED, INVARIANTS) == []
        assert platform.client(MOVED).get("/").status_code == 200
    finally:
        back = manage(platform, "move_cooperative", "--cooperative", MOVED, "--to", "default")
        assert back.returncode == 0, back.stderr
