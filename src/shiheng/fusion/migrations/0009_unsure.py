"""Any number of persons may find that they cannot tell; one alone may say that two are or are not one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fusion", "0008_matching")]

    operations = [
        migrations.RemoveConstraint(model_name="verdict", name="one_verdict_a_pair"),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("says__in", ["same", "different"]), ("undone_at", None)),
                fields=("row", "subject"),
                name="one_verdict_a_pair",
            ),
        ),
    ]
