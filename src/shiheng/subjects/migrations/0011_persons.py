"""Positions keep the name told and a digest of the telephone; a tracing is kept with who asked and why."""

import django.db.models.deletion
import shiheng.accounts.jurisdictions
from django.conf import settings
from django.db import migrations, models


def name_them(apps, schema_editor):
    """What a person was called where, as far as older rows tell it."""
    relation, person = (apps.get_model("subjects", name) for name in ("Relation", "Person"))
    called = person.objects.filter(pk=models.OuterRef("person_id")).values("name")[:1]
    relation.objects.filter(person__isnull=False).update(named=models.Subquery(called))


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0010_houses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='relation',
            name='contact',
            field=models.CharField(blank=True, db_index=True, default='', max_length=64, verbose_name='联系电话摘要'),
        ),
        migrations.AddField(
            model_name='relation',
            name='named',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='所报姓名'),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Trace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('misuse', '冒名登记投诉'), ('case', '办理案件'), ('complaint', '处理投诉举报'), ('inspection', '开展监督检查'), ('licence', '登记许可审查'), ('request', '配合司法、纪检或审计机关')], max_length=16, verbose_name='目的')),
                ('matter', models.CharField(max_length=64, verbose_name='事项编号')),
                ('reason', models.CharField(max_length=300, verbose_name='事由')),
                ('scope', shiheng.accounts.jurisdictions.ScopeField(blank=True, db_index=True, default='', max_length=64, verbose_name='管辖')),
                ('asked_by', models.CharField(max_length=100, verbose_name='追寻人')),
                ('asked_at', models.DateTimeField(verbose_name='追寻时间')),
                ('subjects', models.IntegerField(default=0, verbose_name='主体数')),
                ('unverified', models.IntegerField(default=0, verbose_name='同名未核实数')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='traces', to='subjects.person', verbose_name='人员')),
            ],
            options={
                'verbose_name': '人员追寻',
            },
        ),
    ]
