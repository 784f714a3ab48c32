"""What is appended is never edited: the database refuses."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION members_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON members_visitentry
    FOR EACH ROW EXECUTE FUNCTION members_append_only();
"""
BACK = """
DROP TRIGGER append_only ON members_visitentry;
DROP FUNCTION members_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0002_visitentry")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
