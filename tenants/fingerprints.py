"""What is defined in a schema. Rows are not looked at.

Everything in a schema depends on it, and `pg_depend` has an index that leads there; `pg_class` has none, and two
hundred rows for each cooperative.
"""

from lib.schema import connection

_TABLES = """
WITH tables AS (
    SELECT oid, relname, relkind FROM pg_depend JOIN pg_class ON oid = objid
    WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_namespace'::regclass
        AND refobjid = to_regnamespace(%(schema)s)
)
"""
_NAMES = "SELECT oid, relname FROM tables WHERE relkind IN ('r', 'p')"
_SHAPE = """
SELECT md5(string_agg(line, E'\n' ORDER BY line COLLATE "C")) FROM (
    SELECT concat_ws(' ', relname, attname, atttypid, atttypmod, attnotnull, atthasdef, attidentity) AS line
        FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT concat_ws(' ', relname, conname, contype, convalidated)
        FROM tables JOIN pg_constraint ON conrelid = tables.oid
    UNION ALL SELECT concat_ws(' ', tables.relname, indexes.relname, indisunique, indisvalid)
        FROM tables JOIN pg_index ON indrelid = tables.oid JOIN pg_class AS indexes ON indexes.oid = indexrelid
    UNION ALL SELECT concat_ws(' ', relname, tgname)
        FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal
) AS lines
"""
# Columns by name: those of a table that grew stand in another order than those of one that was made at once.
_DEFINITION = """
SELECT replace(line, quote_ident(%(schema)s) || '.', '@.') FROM (
    SELECT format('%%s %%s', relkind, relname) AS line FROM tables
    UNION ALL SELECT format('%%s.%%s %%s not null: %%s, identity: %%s, generated: %%s, default: %%s', relname, attname,
            format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid))
        FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relkind <> 'S'
    UNION ALL SELECT format('%%s: %%s %%s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
        FROM tables JOIN pg_constraint ON conrelid = tables.oid
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM tables JOIN pg_index ON indrelid = tables.oid
    UNION ALL SELECT pg_get_triggerdef(pg_trigger.oid)
        FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal
    UNION ALL SELECT format('%%s from %%s to %%s by %%s', relname, seqmin, seqmax, seqincrement)
        FROM tables JOIN pg_sequence ON seqrelid = tables.oid
    UNION ALL SELECT pg_get_functiondef(oid) FROM pg_depend JOIN pg_proc ON oid = objid AND prokind IN ('f', 'p')
        WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_namespace'::regclass
            AND refobjid = to_regnamespace(%(schema)s)
) AS lines ORDER BY line COLLATE "C"
"""


def shape(*, schema_name: str) -> str:
    """A checksum of the names and types of what is there: cheap enough to ask of each cooperative that is migrated."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES + _SHAPE, {"schema": schema_name})
        return str(cursor.fetchone()[0])


def tables(*, schema_name: str) -> dict[int, str]:
    """The tables that are there, by PostgreSQL's number for them."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES + _NAMES, {"schema": schema_name})
        return dict(cursor.fetchall())


def definition(*, schema_name: str) -> list[str]:
    """A line for everything that is defined there, in full, without the schema's own name: equal for equal schemas."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES + _DEFINITION, {"schema": schema_name})
        return [line for (line,) in cursor.fetchall()]
