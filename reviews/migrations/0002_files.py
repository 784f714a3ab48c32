from django.db import migrations, models


class Migration(migrations.Migration):
    """Names of files are found by their field when a cooperative is copied or moves in (tenants/backup/restoring.py)."""

    safe_because = "a FileField of this length is the same varchar(200): no statement runs"

    dependencies = [("reviews", "0001_initial")]

    operations = [
        migrations.AlterField("reviewphoto", "name", models.FileField(max_length=200, upload_to="")),
        migrations.AlterField("reviewphoto", "thumb", models.FileField(max_length=200, upload_to="")),
    ]
