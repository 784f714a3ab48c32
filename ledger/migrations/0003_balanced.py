"""Debits equal credits: checked when the transaction commits (invariant I1).

The table is named with its schema, because at commit the connection may stand elsewhere.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
BEGIN
    EXECUTE format('SELECT sum(amount) FROM %I.ledger_entry WHERE journal_id = $1', TG_TABLE_SCHEMA)
        INTO total USING NEW.journal_id;
    IF total <> 0 THEN
        RAISE EXCEPTION 'journal % does not balance', NEW.journal_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
"""
BACK = """
DROP TRIGGER balanced ON ledger_entry;
DROP FUNCTION ledger_balanced();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
