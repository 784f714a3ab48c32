from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_shop_face")]

    operations = [
        migrations.AddField(
            model_name="cooperative",
            name="holiday_stops_orders",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
