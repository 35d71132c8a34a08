"""Who is of one industry, kind and territory is read from an index: the peers of a subject, a thousand of a million."""

from django.db import migrations, models

from shiheng.subjects.models import IndustryClass


class Migration(migrations.Migration):
    dependencies = [("subjects", "0011_persons")]

    operations = [
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(
                IndustryClass("fields"),
                models.F("kind"),
                models.F("scope"),
                models.F("id"),
                name="subject_by_likeness",
            ),
        ),
    ]
