"""Names are found by posts in order of rank: pieces they begin with on both databases, those anywhere on PostgreSQL.

A post is a rank of eight bits and a subject: ranks had a thousand a class and now have sixty-four, and no two names of
one subject may keep the same one.
"""

import sys
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SLICE = 20_000
WAS, IS = 1_000, 64  # ranks a class
STATEMENTS = {
    "sqlite": [
        "CREATE TABLE subjects_searchpiece (piece TEXT NOT NULL, post INTEGER NOT NULL, PRIMARY KEY (piece, post)) "
        "WITHOUT ROWID",
        "DROP TABLE subjects_searchtoken",
        "CREATE VIRTUAL TABLE subjects_searchtoken USING fts5"
        "(tokens, content='', columnsize=0, prefix='1 2', tokenize=\"ascii tokenchars '$@'\")",
    ],
    "postgresql": [
        "ALTER TABLE subjects_searchname DROP COLUMN tokens",
        'CREATE TABLE subjects_searchpiece (piece text COLLATE "C" NOT NULL, post bigint NOT NULL)',
    ],
}
# Sorted at once it is smaller and sooner made than row by row.
AFTER = {
    "sqlite": [],
    "postgresql": ["CREATE INDEX search_piece_posts ON subjects_searchpiece (piece, post)"],
}


def install(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for statement in STATEMENTS[vendor]:
        schema_editor.execute(statement)
    names = apps.get_model("subjects", "SearchName").objects.using(schema_editor.connection.alias)
    _apart(names)
    _fill(names)
    for statement in AFTER[vendor]:
        schema_editor.execute(statement)


def _apart(names: Any) -> None:
    """Ranks of sixty-four a class; of names of one subject with one rank the later ones come beside it."""
    for first in range(0, 4 * WAS, WAS):
        own = names.filter(rank__gte=first, rank__lt=first + WAS)
        own.filter(rank__gte=first + IS).update(rank=first + IS - 1)
    for place in (1, 2, 3):  # upward, so that no class runs into one not moved yet
        names.filter(rank__gte=place * WAS).filter(rank__lt=(place + 1) * WAS).update(
            rank=models.F("rank") - place * (WAS - IS)
        )
    doubled = names.values("subject_id", "rank").annotate(n=models.Count("id")).filter(n__gt=1)
    for subject in sorted({row["subject_id"] for row in doubled}):
        taken: set[int] = set()
        for name in names.filter(subject_id=subject).order_by("id"):
            first = name.rank - name.rank % IS
            free = [rank for rank in (*range(name.rank, first + IS), *range(first, name.rank)) if rank not in taken]
            if not free:
                name.delete()
                continue
            name.rank = free[0]
            taken.add(name.rank)
            name.save(update_fields=["rank"])


def _fill(names: Any) -> None:
    """The pieces of every name that stands there; how far it has come is told from a hundred thousand on."""
    from shiheng.subjects import postings  # the rules of today: later ones come with their own migration

    last, done = 0, 0
    while rows := list(names.filter(id__gt=last).order_by("id").values_list(*postings.Posted._fields)[:SLICE]):
        postings.post_pieces([postings.Posted(*row) for row in rows])
        last, done = rows[-1][0], done + len(rows)
        if done % 100_000 == 0:
            sys.stdout.write(f"    {done:,} names made searchable anew\n")
    postings.tidy()


class Migration(migrations.Migration):
    dependencies = [("subjects", "0015_address_keys_bytewise")]
    operations = [
        migrations.AlterField(
            model_name="searchname",
            name="subject",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="search_names",
                to="subjects.subject",
            ),
        ),
        migrations.RunPython(install),
        migrations.AddIndex(
            model_name="searchname",
            index=models.Index(fields=["subject", "rank", "folded"], name="search_name_of_post"),
        ),
    ]
