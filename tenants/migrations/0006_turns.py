from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0005_purging'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='due',
            name='tenants_due_at_65648a_idx',
        ),
        migrations.RemoveIndex(
            model_name='due',
            name='tenants_due_coopera_f7d9e1_idx',
        ),
        migrations.AddField(
            model_name='due',
            name='attempts',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name='due',
            index=models.Index(fields=['cooperative', 'kind', 'at'], name='tenants_due_coopera_2edbf8_idx'),
        ),
    ]
