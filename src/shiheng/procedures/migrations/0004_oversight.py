from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0003_approvals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="link",
            name="kind",
            field=models.CharField(
                choices=[
                    ("spawned", "由此转办"),
                    ("twin", "同一来信"),
                    ("same", "重复反映"),
                    ("group", "并案调解"),
                    ("appeals", "复议、诉讼"),
                    ("rehandles", "重新处理"),
                    ("about", "围绕本案"),
                ],
                max_length=16,
                verbose_name="关系",
            ),
        ),
    ]
