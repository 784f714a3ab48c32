from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_many_cooperatives'),
    ]

    operations = [
        migrations.AddField(
            model_name='cooperative',
            name='moving_to',
            field=models.CharField(blank=True, db_default='', max_length=20),
        ),
    ]
