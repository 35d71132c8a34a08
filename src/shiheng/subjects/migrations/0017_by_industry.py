from django.db import migrations, models

import shiheng.subjects.models


class Migration(migrations.Migration):
    dependencies = [("subjects", "0016_search_pieces")]

    operations = [
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(
                shiheng.subjects.models.IndustryClass("fields"),
                models.F("name"),
                models.F("id"),
                models.F("scope"),
                models.F("live"),
                models.F("redirect_to"),
                name="subject_by_industry",
            ),
        ),
    ]
