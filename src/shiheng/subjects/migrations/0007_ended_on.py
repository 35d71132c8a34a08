"""The day a subject ended, as a column the stock of a day can be counted by; told by what its file holds already."""

from datetime import date
from typing import Any

from django.db import migrations, models

LASTING = ("active", "suspended", "unknown")
SLICE = 2_000


def fill(apps: Any, schema_editor: Any) -> None:
    """The day of the statement that says the subject is no more, or of its cancellation."""
    subjects = apps.get_model("subjects", "Subject").objects.using(schema_editor.connection.alias)
    records = apps.get_model("subjects", "Record").objects.using(schema_editor.connection.alias)
    last = -1
    while rows := list(
        subjects.filter(pk__gt=last).exclude(status__in=LASTING).only("fields").order_by("pk")[:SLICE]
    ):
        last = rows[-1].pk
        told = records.filter(kind="cancellation", gone_on=None, subject_id__gte=rows[0].pk, subject_id__lte=last)
        days = dict(told.exclude(day=None).exclude(state="deleted").values_list("subject_id", "day"))
        for row in rows:
            said = row.fields.get("status", {}).get("day")
            row.ended_on = days.get(row.pk, date.fromisoformat(said)) if said else None
        subjects.bulk_update(rows, ["ended_on"])


class Migration(migrations.Migration):
    dependencies = [("subjects", "0006_change_added")]

    operations = [
        migrations.AddField(
            model_name="subject",
            name="ended_on",
            field=models.DateField(null=True, verbose_name="终止日期"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
