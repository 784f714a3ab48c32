"""Everything that PostgreSQL knows about a schema, without its name: two schemas are alike when these are equal."""

from django.db import connection

QUERIES = {
    "relations": """
        SELECT relname, relkind, relpersistence, relreplident, relrowsecurity, reloptions::text, relacl::text,
               obj_description(oid, 'pg_class')
        FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind NOT IN ('i', 't')""",
    "columns": """
        SELECT c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY attnum), attname,
               format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attidentity, attgenerated,
               attcollation::regcollation::text, attstorage, attcompression, attstattarget
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
        WHERE c.relnamespace = %(schema)s::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped""",
    "sequences": """
        SELECT s.relname, format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
               t.relname, attname, deptype
        FROM pg_sequence JOIN pg_class s ON s.oid = seqrelid
        JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND refobjsubid > 0
        JOIN pg_class t ON t.oid = refobjid JOIN pg_attribute ON attrelid = t.oid AND attnum = refobjsubid
        WHERE s.relnamespace = %(schema)s::regnamespace""",
    "constraints": """
        SELECT conname, contype, coalesce(conrelid::regclass::text, ''), condeferrable, condeferred, convalidated,
               pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace""",
    "indexes": """
        SELECT i.relname, indisunique, indisprimary, indisexclusion, indimmediate, indisvalid, indisclustered,
               pg_get_indexdef(i.oid), i.reloptions::text
        FROM pg_index JOIN pg_class i ON i.oid = indexrelid WHERE i.relnamespace = %(schema)s::regnamespace""",
    "triggers": """
        SELECT pg_get_triggerdef(t.oid), tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE c.relnamespace = %(schema)s::regnamespace AND NOT tgisinternal""",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace",
    "types": """
        SELECT typname, typtype FROM pg_type
        WHERE typnamespace = %(schema)s::regnamespace AND typtype NOT IN ('b', 'c')""",
}


def of_schema(schema_name: str) -> dict[str, list[str]]:
    """Tables, columns, defaults, sequences, constraints, indexes, triggers, functions and migration records."""
    found = {}
    with connection.cursor() as cursor:
        for what, query in QUERIES.items():
            cursor.execute(query, {"schema": schema_name})
            found[what] = sorted(str(row).replace(schema_name, "@@") for row in cursor.fetchall())
        cursor.execute(f"SELECT app, name FROM {schema_name}.django_migrations ORDER BY id")  # noqa: S608
        found["migrations"] = [str(row) for row in cursor.fetchall()]
    return found
