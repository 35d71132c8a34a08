"""What officers find of suspected links: one judgement in force for each, and those taken back."""

import django.db.models.deletion
import shiheng.accounts.jurisdictions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subjects", "0013_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sign", models.CharField(max_length=16, verbose_name="依据")),
                (
                    "verdict",
                    models.CharField(choices=[("so", "属实"), ("not", "不属实")], max_length=8, verbose_name="判断"),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "scope",
                    shiheng.accounts.jurisdictions.ScopeField(
                        blank=True, db_index=False, default="", max_length=64, verbose_name="管辖"
                    ),
                ),
                ("by", models.CharField(max_length=100, verbose_name="判断人")),
                ("at", models.DateTimeField(verbose_name="判断时间")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions_of", to="subjects.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="subjects.person"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subjects.subject",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑似的判断",
                "indexes": [
                    models.Index(
                        condition=models.Q(("undone_at", None)), fields=["sign", "verdict"], name="opinion_in_force"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("person", "other", "subject", "sign"),
                        name="one_opinion_in_force",
                    )
                ],
            },
        ),
    ]
