from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0005_photo_file'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='stock_link',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
