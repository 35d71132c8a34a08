"""In whose territory each subject was from when to when, so that who was born, ended and moved is counted by index."""

from typing import Any

from django.db import migrations, models

import shiheng.accounts.jurisdictions

SLICE = 2_000
STANDING = ("active", "suspended")


def fill(apps: Any, schema_editor: Any) -> None:
    """Worked out from what the subject files hold already: territory, days, addresses and reported changes of them."""
    from shiheng.accounts.territories import from_offices
    from shiheng.subjects import behaviour, stays  # the rules of today: later ones come with their own migration

    alias = schema_editor.connection.alias
    offices, subjects, premises, records, stay = (
        apps.get_model(*name).objects.using(alias)
        for name in (("accounts", "Office"), ("subjects", "Subject"), ("subjects", "Premises"),
                     ("subjects", "Record"), ("subjects", "Stay"))
    )  # fmt: skip
    held = offices.filter(closed_on=None).values_list("code", "kind", "path", "town", "title")
    read = from_offices(held).read
    last = -1
    columns = ("scope", "established", "ended_on", "status", "kind", "fields")
    while rows := list(subjects.filter(pk__gt=last, live=True, redirect_to=None).only(*columns).order_by("pk")[:SLICE]):
        first, last = rows[0].pk, rows[-1].pk
        domiciles: dict[int, list[Any]] = {}
        placed = premises.filter(subject_id__gte=first, subject_id__lte=last, kind="domicile")
        for subject, *said in placed.values_list("subject_id", "text", "first_day", "last_day", "current"):
            domiciles.setdefault(subject, []).append(stays.Domicile(*said))
        moved: dict[int, list[Any]] = {}
        changed = records.filter(subject_id__gte=first, subject_id__lte=last, kind="change", gone_on=None, current=True)
        for subject, day, title, facts in changed.exclude(day=None).exclude(state="deleted").values_list(
            "subject_id", "day", "title", "facts"
        ):
            if behaviour.item_of(title) == "address":
                moved.setdefault(subject, []).append((day, str(facts.get("before", "")), str(facts.get("after", ""))))
        made = []
        for row in rows:
            told = stays.points(row.scope, domiciles.get(row.pk, []), moved.get(row.pk, []), read)
            industry = str((row.fields or {}).get("industry_code", {}).get("value") or "")
            for one in stays.of(
                row.scope, established=row.established, ended_on=row.ended_on, status=row.status,
                standing=row.status in STANDING, told=told,
            ):  # fmt: skip
                columns_of = {name: getattr(one, name) for name in one.__dataclass_fields__}
                division = behaviour.same_class(industry)
                made.append(stay.model(subject_id=row.pk, kind=row.kind, division=division, **columns_of))
        stay.bulk_create(made, batch_size=SLICE)


class Migration(migrations.Migration):
    dependencies = [("subjects", "0012_behaviour"), ("accounts", "0003_outside_party")]

    operations = [
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    shiheng.accounts.jurisdictions.ScopeField(
                        blank=True, db_index=False, default="", max_length=64, verbose_name="管辖"
                    ),
                ),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(null=True, verbose_name="止")),
                ("began", models.CharField(max_length=16, verbose_name="怎样开始")),
                ("ended", models.CharField(blank=True, max_length=16, verbose_name="怎样结束")),
                (
                    "came_from",
                    shiheng.accounts.jurisdictions.ScopeField(
                        blank=True, db_index=False, default="", max_length=64, verbose_name="迁自"
                    ),
                ),
                (
                    "left_to",
                    shiheng.accounts.jurisdictions.ScopeField(
                        blank=True, db_index=False, default="", max_length=64, verbose_name="迁往"
                    ),
                ),
                ("told", models.CharField(blank=True, max_length=8, verbose_name="迁移的依据")),
                ("kind", models.CharField(max_length=16, verbose_name="主体类别")),
                ("division", models.CharField(blank=True, max_length=2, verbose_name="行业大类")),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="stays",
                        to="subjects.subject",
                    ),
                ),
            ],
            options={"verbose_name": "在辖"},
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.UniqueConstraint(fields=("subject", "since"), name="one_stay_once"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                fields=["scope", "since", "until", "began", "came_from", "kind", "division"], name="stay_in_territory"
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(fields=["since", "id", "scope"], name="stay_by_day"),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                fields=["until", "scope", "ended", "left_to", "kind", "division"],
                condition=models.Q(until__isnull=False),
                name="stay_over",
            ),
        ),
    ]
