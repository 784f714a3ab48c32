"""Cache keys carry the schema, so equal keys of two cooperatives are two entries."""

from lib.schema import connection


def make_key(key: str, key_prefix: str, version: int) -> str:
    return f"{connection.schema_name}:{key_prefix}:{version}:{key}"
