"""What is appended is never edited, and products that were there before get the figures that shelves are sorted by."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION catalog_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON catalog_productevent
    FOR EACH ROW EXECUTE FUNCTION catalog_append_only();
"""
BACK = """
DROP TRIGGER append_only ON catalog_productevent;
DROP FUNCTION catalog_append_only();
"""
# inventory_stock may not be there yet where all is migrated from nothing; there are no products then either
FIGURES = """
DO $$
BEGIN
    UPDATE catalog_product SET price_from = found.least, price_to = found.most
        FROM (SELECT product_id, min(price) AS least, max(price) AS most FROM catalog_variant WHERE is_active
              GROUP BY product_id) AS found
        WHERE found.product_id = catalog_product.id;
    IF to_regclass('inventory_stock') IS NOT NULL THEN
        UPDATE catalog_product SET in_stock = true WHERE EXISTS (
            SELECT FROM catalog_variant JOIN inventory_stock ON inventory_stock.variant_id = catalog_variant.id
            WHERE catalog_variant.product_id = catalog_product.id AND catalog_variant.is_active
                AND inventory_stock.on_hand > inventory_stock.reserved);
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    safe_because = "writes only columns and a table that are new; what the release before writes meanwhile is set right by catalog.figures"

    dependencies = [("catalog", "0002_depth")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, BACK),
        migrations.RunSQL(FIGURES, migrations.RunSQL.noop),
    ]
