"""Which house and room every address means, as columns by which addresses are traced."""

from typing import Any

import polars as pl
from django.db import migrations, models

SLICE = 5_000


def fill(apps: Any, schema_editor: Any) -> None:
    from shiheng.subjects import addresses  # the rule of today: a later rule comes with its own migration

    premises = apps.get_model("subjects", "Premises").objects.using(schema_editor.connection.alias)
    last = -1
    while rows := list(premises.filter(pk__gt=last).only("text").order_by("pk")[:SLICE]):
        last = rows[-1].pk
        found = addresses.houses(pl.Series([row.text for row in rows]))
        for row, (door, unit) in zip(rows, found, strict=True):
            row.door, row.unit = door, unit
        premises.bulk_update(rows, ["door", "unit"])


class Migration(migrations.Migration):
    dependencies = [("subjects", "0009_absent_facts")]

    operations = [
        migrations.AddField(
            model_name="premises",
            name="door",
            field=models.CharField(blank=True, db_index=True, default="", max_length=200, verbose_name="门牌"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="premises",
            name="unit",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="房号"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
