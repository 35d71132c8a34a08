from django.db import migrations

import shiheng.subjects.models


class Migration(migrations.Migration):
    dependencies = [("subjects", "0014_opinions")]

    operations = [
        migrations.AlterField(
            model_name="premises",
            name="key",
            field=shiheng.subjects.models.BytewiseField(db_index=True, max_length=500, verbose_name="地址键"),
        ),
    ]
