"""The latest and the largest first, rows without a value last, as PostgreSQL must be told; SQLite reads backwards."""

from django.db import migrations

HELD = "id DESC, scope, live, redirect_to_id"
STATEMENTS = {
    "sqlite": [],
    "postgresql": [
        f"CREATE INDEX subject_latest_first ON subjects_subject (established DESC NULLS LAST, {HELD})",
        f"CREATE INDEX subject_largest_first ON subjects_subject (capital_fen DESC NULLS LAST, {HELD})",
    ],
}
UNDO = {"sqlite": [], "postgresql": ["DROP INDEX subject_latest_first", "DROP INDEX subject_largest_first"]}


def install(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("subjects", "0002_search_tokens")]
    operations = [migrations.RunPython(install, remove)]
