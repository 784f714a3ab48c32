"""A process that knows Django and runs what the tests of the whole ask for, one JSON line each (tests/stack.py)."""

import json
import sys
import traceback

import django
from django.db import connection


def main() -> None:
    django.setup()
    from tenants.context import in_tenant  # noqa: PLC0415 - models need django.setup() before
    from tenants.models import Cooperative  # noqa: PLC0415

    for line in sys.stdin:
        asked = json.loads(line)
        known: dict[str, object] = {"answer": None}
        try:
            with in_tenant(Cooperative.objects.get(slug=asked["slug"])):
                exec(asked["code"], known)  # noqa: S102 - it comes from a test
                said = json.dumps({"answer": known["answer"], "error": ""})
        except Exception:
            said = json.dumps({"answer": None, "error": traceback.format_exc()})
        connection.set_schema_to_public()
        print(said, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
