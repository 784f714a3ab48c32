from django.db import migrations, models


class Migration(migrations.Migration):
    """Names of files are found by their field when a cooperative is copied or moves in (tenants/backup/restoring.py)."""

    safe_because = "a FileField of this length is the same varchar(200): no statement runs"

    dependencies = [("members", "0004_producers")]

    operations = [
        migrations.AlterField(
            "member", "photo", models.FileField(blank=True, db_default="", max_length=200, upload_to="")
        ),
    ]
