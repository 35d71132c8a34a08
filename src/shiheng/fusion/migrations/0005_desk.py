import django.db.models.deletion
from django.db import migrations, models

import shiheng.accounts.jurisdictions


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_cache_table'),
        ('fusion', '0004_deliveries_and_withdrawal'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64, verbose_name='数据源')),
                ('department', models.CharField(blank=True, max_length=100, verbose_name='责任部门')),
                ('scope', shiheng.accounts.jurisdictions.ScopeField(blank=True, db_index=True, default='', max_length=64, verbose_name='管辖')),
                ('day', models.DateField(verbose_name='催报日')),
                ('due', models.DateField(null=True, verbose_name='应报日')),
                ('to', models.CharField(max_length=300, verbose_name='收件人')),
                ('by', models.CharField(max_length=100, verbose_name='催报人')),
                ('made_at', models.DateTimeField(verbose_name='催报时间')),
                ('key', models.CharField(max_length=160, unique=True, verbose_name='幂等键')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.message', verbose_name='消息')),
            ],
            options={
                'verbose_name': '催报',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['source', '-id'], name='reminder_of_source')],
            },
        ),
    ]
